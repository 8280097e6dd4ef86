import { Component, type ReactNode } from 'react';
import { myWorkHref } from '../routing/route.ts';
import { useShellWords } from './words.ts';

interface ErrorBoundaryProps {
  children: ReactNode;
  /** When it changes, what failed is another page, and is tried anew. */
  place: string;
}

/** Lets people go on where a page fails. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { error?: Error; place?: string }> {
  override state: { error?: Error; place?: string } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps({ place }: ErrorBoundaryProps, state: { place?: string }) {
    return place === state.place ? null : { place, error: undefined };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return <Broken error={error} onRetry={() => this.setState({ error: undefined as never })} />;
  }
}

function Broken({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const words = useShellWords();
  return (
    <div className="not-here" role="alert" data-testid="page-broken">
      <h1 className="page-title">{words.broken}</h1>
      <p className="quiet">{words.brokenAbout}</p>
      <div className="row">
        <button type="button" className="nb-button nb-button--primary" onClick={onRetry}>
          {words.tryAgain}
        </button>
        <a className="nb-button nb-button--quiet" href={myWorkHref()}>
          {words.backToWork}
        </a>
      </div>
      <details className="more">
        <summary>{words.details}</summary>
        <pre className="details">{error.message}</pre>
      </details>
    </div>
  );
}
