const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds, `after ${milliseconds} ms`));

export const load = () => ({ slow: [after(400), after(1200)] });
