import { parseArgs } from 'node:util';
import type { DeadLetterData } from '@netbuild/realtime-protocol';
import type { LetterSummary } from '../ingest/dead-letters.ts';
import { type Ask, asker } from './asking.ts';
import { UsageError } from './usage.ts';

/** `dead-letters`: shows, replays and drops what a running gateway has kept aside, over HTTP with `PUBLISH_KEY`. */
export async function deadLetters(
  args: string[],
  environment: NodeJS.ProcessEnv,
  write: (text: string) => void,
): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { url: { type: 'string' }, all: { type: 'boolean', default: false } },
  });
  const [verb = 'list', ...numbers] = positionals;
  const ask = asker('/v1/dead-letters', values.url, environment);
  const letters = () => numbers.map(letterNumber);

  switch (verb) {
    case 'list': {
      let count = 0;
      for await (const letter of all(ask)) {
        write(line(letter));
        count++;
      }
      if (count === 0) write('There are no dead letters.\n');
      return;
    }
    case 'show':
      if (numbers.length === 0) throw new UsageError('Which one? netbuild-realtime dead-letters show 17');
      for (const letter of letters())
        write(`${JSON.stringify(await ask<DeadLetterData>('GET', `/${letter}`), null, 2)}\n`);
      return;
    case 'replay': {
      if (numbers.length === 0 && !values.all)
        throw new UsageError('Which one? netbuild-realtime dead-letters replay 17, or replay --all');
      for await (const { letter } of values.all ? all(ask) : letters().map((letter) => ({ letter }))) {
        const { status, why } = await ask<{ status: string; why?: string }>('POST', `/${letter}/replay`);
        write(`${letter}: ${status}${why === undefined ? '' : `: ${why}`}\n`);
      }
      return;
    }
    case 'drop':
      if (numbers.length === 0) throw new UsageError('Which one? netbuild-realtime dead-letters drop 17');
      for (const letter of letters()) {
        await ask('DELETE', `/${letter}`);
        write(`${letter}: dropped\n`);
      }
      return;
    default:
      throw new UsageError(`dead-letters can list, show, replay and drop; not ${verb}.`);
  }
}

/** In the order in which they came; one that goes meanwhile is left out. */
async function* all(ask: Ask): AsyncGenerator<LetterSummary> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: { letters: LetterSummary[]; next?: number } = await ask('GET', `?after=${after}`);
    yield* page.letters;
    after = page.next;
  }
}

function letterNumber(text: string): number {
  const letter = Number(text);
  if (!Number.isSafeInteger(letter) || letter <= 0) throw new UsageError(`${text} is no number of a letter.`);
  return letter;
}

function line({
  letter,
  kept,
  engine,
  subscription,
  reason,
  about,
  error,
  size,
  cut,
}: LetterSummary): string {
  const what = [about.join(', '), error, cut && 'cut', `${size} characters`].filter(Boolean).join('; ');
  return `${letter}\t${kept}\t${engine ?? subscription}\t${reason}\t${what}\n`;
}
