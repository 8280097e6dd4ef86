import {
  Button,
  RealtimeError,
  type Row,
  useFormats,
  useWebSocket,
  useWords,
} from '@netbuild/realtime-react';
import { useState } from 'react';
import { WORDS } from './words.ts';

/** Has all that has failed tried again, one after the other: one outage has many victims. */
export function RetryAll({ incidents }: { incidents: readonly Row<'incident'>[] }) {
  const words = useWords(WORDS);
  const { number } = useFormats();
  const { client } = useWebSocket();
  const [progress, setProgress] = useState<{ done: number; of: number; refused: number }>();
  const wanted = rootsOf(incidents);
  const isRunning = progress !== undefined && progress.done < progress.of;

  async function run(): Promise<void> {
    let refused = 0;
    for (const [done, incidentId] of wanted.entries()) {
      setProgress({ done, of: wanted.length, refused });
      try {
        await client.command('incident:retry', { incidentId });
      } catch (error) {
        if (!(error instanceof RealtimeError)) throw error;
        // What is over by now needs no other try.
        if (error.code !== 'incident_closed') refused++;
      }
    }
    setProgress({ done: wanted.length, of: wanted.length, refused });
  }

  return (
    <div className="op-all">
      {wanted.length > 1 || isRunning ? (
        <Button isBusy={isRunning} onPress={() => void run()} data-testid="retry-all">
          {words.retryAll(number(wanted.length))}
        </Button>
      ) : null}
      <span role="status" className="op-quiet" data-testid="retry-progress">
        {progress === undefined
          ? ''
          : isRunning
            ? words.of(number(progress.done), number(progress.of))
            : progress.refused > 0
              ? words.refused(progress.refused, number(progress.refused))
              : ''}
      </span>
    </div>
  );
}

/** Those that are not another's echo: who tries that one again has tried the echo, too. */
function rootsOf(incidents: readonly Row<'incident'>[]): string[] {
  const ids = new Set(incidents.map(({ data }) => data.incidentId));
  return incidents
    .filter(
      ({ data: { incidentId, rootCauseIncidentId: root } }) =>
        root === undefined || root === incidentId || !ids.has(root),
    )
    .map(({ data }) => data.incidentId);
}
