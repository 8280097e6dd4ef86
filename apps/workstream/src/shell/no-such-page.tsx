import { myWorkHref } from '../routing/route.ts';
import { usePageTitle } from './use-page-title.ts';
import { useShellWords } from './words.ts';

/** An address that leads nowhere. */
export function NoSuchPage() {
  const words = useShellWords();
  const heading = usePageTitle(words.noSuchPage);
  return (
    <div className="not-here" data-testid="no-such-page">
      <h1 ref={heading} tabIndex={-1} className="page-title">
        {words.noSuchPage}
      </h1>
      <p className="quiet">{words.noSuchPageAbout}</p>
      <a className="nb-button nb-button--primary" href={myWorkHref()}>
        {words.backToWork}
      </a>
    </div>
  );
}
