// The same for several tokens: some at a time, and those that fail stop no others.

const AT_ONCE = 4;

/** `[{item, error}]` in the order of the items; `error` is null for those done. Tells how many are, as it goes on. */
export async function runAll(items, work, onProgress = () => {}) {
  const results = new Array(items.length);
  let next = 0;
  let done = 0;
  const worker = async () => {
    while (next < items.length) {
      const i = next++;
      try {
        await work(items[i]);
        results[i] = { item: items[i], error: null };
      } catch (error) {
        results[i] = { item: items[i], error };
      }
      onProgress(++done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
