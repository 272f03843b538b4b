// One deed, however often the line breaks: the key of an attempt is kept until it was answered.

import { randomKey, Refusal } from "@/api/client";

interface Attempt {
  said: string;
  key: string;
}

const attempts = new Map<string, Attempt>();

/** Do something under the key of this attempt; the same again after a broken line is the same deed. */
export async function once<T>(
  subject: string,
  content: unknown,
  send: (key: string) => Promise<T>,
): Promise<T> {
  const said = JSON.stringify(content);
  const before = attempts.get(subject);
  const attempt = before?.said === said ? before : { said, key: randomKey() };
  attempts.set(subject, attempt);
  try {
    const done = await send(attempt.key);
    attempts.delete(subject);
    return done;
  } catch (error) {
    if (isAnswer(error)) attempts.delete(subject);
    throw error;
  }
}

/** Say whether an error is an answer to what was asked; otherwise nobody knows whether it was done. */
export const isAnswer = (error: unknown): boolean =>
  error instanceof Refusal && error.status < 500 && error.status !== 401 && error.status !== 429;
