// A file that is made and taken home: one at a time, with what became of it in words.

import { ref, type Ref } from "vue";

import { type Deed, useDeed } from "@/parts/useDeed";

import { fetchFile, keep } from "./files";
import { say } from "./words";

export interface Download {
  deed: Deed;
  done: Ref<string>;
  /** Fetch the file at an address and hand it to the browser's downloads. */
  download: (address: string) => Promise<boolean>;
}

/** Return how to download files, and what is to be said of the last one. */
export function useDownload(): Download {
  const done = ref("");
  const deed = useDeed();

  function download(address: string): Promise<boolean> {
    done.value = "";
    return deed.carryOut(async () => {
      const file = await fetchFile(address);
      keep(file);
      done.value = say("ready", { name: file.name });
    });
  }
  return { deed, done, download };
}
