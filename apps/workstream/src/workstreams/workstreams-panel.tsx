import { Start } from './start-form.tsx';
import { useWorkstreamWords } from './words.ts';
import { WorkstreamList } from './workstream-list.tsx';

/** A person's workstreams, and the way to start another one. */
export function WorkstreamsPanel() {
  const words = useWorkstreamWords();
  return (
    <>
      <Start />
      <section className="panel" aria-labelledby="workstreams">
        <h2 id="workstreams">{words.workstreams}</h2>
        <WorkstreamList />
      </section>
    </>
  );
}
