import type { Db, MongoClient } from 'mongodb';

/** NetBuild's database, in MongoDB. */
export interface Database {
  /**
   * The one that the URL names. The driver is loaded with the first call, so that who has no database does not pay for
   * it; it connects with the first question to it, and again when it has lost the connection.
   *
   * @throws an error that repeats nothing of the URL, where the driver does not understand it
   */
  db(): Promise<Db>;
  close(): Promise<void>;
}

/** Milliseconds until a question fails that finds no server. */
const SERVER_WITHIN = 10_000;

/** The {@link Database} at a URL with the name of a database in it. */
export function createDatabase(url: string): Database {
  let client: Promise<MongoClient> | undefined;

  async function open(): Promise<MongoClient> {
    const { MongoClient } = await import('mongodb');
    try {
      return new MongoClient(url, {
        appName: 'netbuild-realtime',
        serverSelectionTimeoutMS: SERVER_WITHIN,
      });
    } catch (error) {
      // Of some addresses the driver repeats all, and there is a password in it.
      throw new Error((error as Error).message.replaceAll(url, 'it'));
    }
  }

  return {
    async db() {
      client ??= open();
      return (await client).db();
    },
    async close() {
      await (await client)?.close();
    },
  };
}
