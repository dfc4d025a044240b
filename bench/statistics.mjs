export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The 95 % confidence interval of the median, for any distribution. Each value is below the median with probability 1/2,
 * so the number of values below it is binomial.
 * @returns {[number, number]} two of the values; the minimum and maximum if there are too few (under six)
 */
export function medianInterval(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const count = sorted.length;
  let left = 0;
  for (let below = 0.5 ** count, sum = below; sum <= 0.025; sum += below) {
    left++;
    below *= (count - left + 1) / left;
  }
  const index = Math.max(0, left - 1);
  return [sorted[index], sorted[count - 1 - index]];
}

export function geometricMean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
