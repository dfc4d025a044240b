interface Settings {
  readonly databaseUrl: string;
}

function readSettings(): Settings {
  const { DATABASE_URL_OF_THE_TEST: databaseUrl } = process.env;
  if (databaseUrl === undefined) {
    throw new Error('DATABASE_URL_OF_THE_TEST must be set');
  }
  return { databaseUrl };
}

const settings = readSettings();
export default (_req: unknown, res: { end(text: string): void }) => res.end(settings.databaseUrl);
