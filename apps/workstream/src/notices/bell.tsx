import { useFormats } from '@netbuild/realtime-react';
import { Popover } from '../shell/popover.tsx';
import { NotifyChoice } from './notify-choice.tsx';
import { hrefOf, useNotices } from './use-notices.ts';
import { useNoticeWords } from './words.ts';

/** What a person was told of, behind a bell that counts what is new. */
export function Bell({ userId }: { userId: string }) {
  const { all, unseen, markAllSeen } = useNotices(userId);
  const words = useNoticeWords();
  const { moment } = useFormats();
  const count = unseen.length;
  return (
    <>
      <Popover
        label={words.waiting(count)}
        name="notices"
        button={
          <span className="icon-button">
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="M10 2.5a4.75 4.75 0 0 0-4.75 4.75v3.1L3.9 12.9a.7.7 0 0 0 .62 1.02h10.96a.7.7 0 0 0 .62-1.02l-1.35-2.55v-3.1A4.75 4.75 0 0 0 10 2.5ZM8.2 15.6a1.85 1.85 0 0 0 3.6 0" />
            </svg>
            {count > 0 ? (
              <span className="badge" aria-hidden="true" data-testid="notices-count">
                {count > 99 ? '99+' : count}
              </span>
            ) : null}
          </span>
        }
      >
        {(close) => (
          <>
            <div className="popover-head">
              <h2>{words.notices}</h2>
              {count > 0 ? (
                <button type="button" className="nb-button nb-button--quiet" onClick={markAllSeen}>
                  {words.clear}
                </button>
              ) : null}
            </div>
            {all.length === 0 ? (
              <p className="quiet">{words.none}</p>
            ) : (
              <ul className="notices">
                {all.slice(0, 20).map((notice) => (
                  <li key={notice.id}>
                    <a
                      className={`notice-link ${notice.isSeen ? '' : 'notice-link--new'}`}
                      href={hrefOf(notice)}
                      data-testid="notice-link"
                      onClick={close}
                    >
                      <span className="notice-title">{words.title(notice)}</span>
                      <span className="notice-what">{notice.what}</span>
                      <time className="quiet" dateTime={notice.at}>
                        {moment(notice.at)}
                      </time>
                    </a>
                  </li>
                ))}
              </ul>
            )}
            <NotifyChoice />
          </>
        )}
      </Popover>
      {/* Of several at once the newest is read out. */}
      <p className="nb-hidden" role="status">
        {unseen[0] ? `${words.title(unseen[0])}: ${unseen[0].what}` : ''}
      </p>
    </>
  );
}
