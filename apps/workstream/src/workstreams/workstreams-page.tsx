import { useKeptScroll } from '../routing/use-kept-scroll.ts';
import { usePageTitle } from '../shell/use-page-title.ts';
import { Start } from './start-form.tsx';
import { useWorkstreamWords } from './words.ts';
import { WorkstreamList } from './workstream-list.tsx';

/** All of a person's workstreams. */
export function WorkstreamsPage() {
  const words = useWorkstreamWords();
  const heading = usePageTitle(words.workstreams);
  const box = useKeptScroll<HTMLDivElement>('workstreams');
  return (
    <div className="page" ref={box}>
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1} className="page-title">
          {words.workstreams}
        </h1>
        <Start />
      </div>
      <section className="panel" aria-label={words.workstreams}>
        <WorkstreamList isWhole />
      </section>
    </div>
  );
}
