import { usePageTitle } from './use-page-title.ts';

/** An execution that is not there, or not for this person: which of the two is nobody's business. */
export function NotHere() {
  const heading = usePageTitle('Not available');
  return (
    <div className="not-here" data-testid="not-here">
      <h1 ref={heading} tabIndex={-1} className="page-title">
        This workstream is not available to you
      </h1>
      <p className="quiet">
        It may have another address, or you do not take part in it. Ask who sent you the link to add you.
      </p>
      <a className="button button--primary" href="#/">
        Back to your work
      </a>
    </div>
  );
}
