/** Stands for a language model: the words of an answer, one after the other. Replace it by your client's stream. */
export async function* answer(question: string): AsyncGenerator<string> {
  const words = `You ask: ${question} The signs are good, if the limits are known.`.match(/\s*\S+/g) ?? [];
  for (const word of words) {
    await new Promise((resolve) => setTimeout(resolve, 40));
    yield word;
  }
}
