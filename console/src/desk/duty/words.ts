// The words of the duty check.

import { phrases } from "@/words/words";

export const say = phrases(
  {
    check: "查岗",
    asked: "{desk}正在查岗，请在 {time} 前应答。",
    left: "剩余 {time}",
    answer: "在岗应答",
    over: "应答时间已过。",
  },
  {
    check: "Duty check",
    asked: "{desk} asks whether you are there; answer before {time}.",
    left: "{time} left",
    answer: "I am here",
    over: "The time to answer is over.",
  },
);
