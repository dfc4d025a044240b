interface Message {
  readonly text: string;
}

function fail({ text }: Message): never {
  throw new Error(text);
}

fail({ text: 'in the thread' });
