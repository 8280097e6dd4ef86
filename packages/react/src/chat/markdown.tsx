import { Lexer, type Token, type Tokens } from 'marked';
import { Fragment, type ReactNode } from 'react';

/** Marks in a text beyond which it is nothing that a person has written: to take it apart could take seconds. */
const MOST_MARKS = 1000;

/** Blocks in blocks that one line may open. */
const NESTED = /^(?:[ \t]*(?:[>*+-]|\d{1,9}[.)])){20}/m;

/**
 * A text in Markdown as React's elements. Nothing of it becomes HTML: what looks like it is shown as it was written,
 * images are links, and links lead to `http:`, `https:` and `mailto:` alone.
 *
 * @returns nothing for a text that is shown as it is
 */
export function renderMarkdown(text: string): ReactNode | undefined {
  if ((text.match(/[*_~`[\]<>|!#\\]/g)?.length ?? 0) > MOST_MARKS || NESTED.test(text)) return undefined;
  try {
    return blocks(new Lexer({ gfm: true, breaks: true }).lex(text));
  } catch {
    // Whatever it is that the library can not take apart, people are to see it.
    return undefined;
  }
}

/** Parts of a text have no names; they are made anew with it. */
function all(tokens: readonly Token[] | undefined, one: (token: Token) => ReactNode): ReactNode {
  return tokens?.map((token, i) => <Fragment key={i}>{one(token)}</Fragment>);
}

const blocks = (tokens: readonly Token[] | undefined): ReactNode => all(tokens, block);
const inlines = (tokens: readonly Token[] | undefined): ReactNode => all(tokens, inline);

function block(token: Token): ReactNode {
  switch (token.type) {
    case 'space':
      return null;
    case 'paragraph':
      return <p>{inlines(token.tokens)}</p>;
    case 'heading':
      // A heading of the page it is not.
      return (
        <p>
          <strong>{inlines(token.tokens)}</strong>
        </p>
      );
    case 'blockquote':
      return <blockquote>{blocks(token.tokens)}</blockquote>;
    case 'code':
      return (
        <pre>
          <code>{token.text}</code>
        </pre>
      );
    case 'list':
      return list(token as Tokens.List);
    case 'table':
      return table(token as Tokens.Table);
    case 'hr':
      return <hr />;
    case 'html':
    case 'def':
      return <p>{token.raw.trimEnd()}</p>;
    default:
      return inline(token);
  }
}

function inline(token: Token): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{inlines(token.tokens)}</strong>;
    case 'em':
      return <em>{inlines(token.tokens)}</em>;
    case 'del':
      return <del>{inlines(token.tokens)}</del>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'br':
      return <br />;
    case 'link':
      return link(token.href, inlines(token.tokens), token.raw);
    case 'image':
      return link(token.href, token.text || token.href, token.raw);
    case 'checkbox':
      return token.checked ? '☑ ' : '☐ ';
    case 'escape':
      return token.text;
    case 'text':
      return token.tokens ? inlines(token.tokens) : token.text;
    default:
      return token.raw;
  }
}

function link(href: string, words: ReactNode, raw: string): ReactNode {
  if (!isSafe(href)) return raw;
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer nofollow">
      {words}
    </a>
  );
}

/** By what a browser takes it for, and not by how it is spelt. */
function isSafe(href: string): boolean {
  return URL.canParse(href) && /^(https?|mailto):$/.test(new URL(href).protocol);
}

function list({ ordered, start, items }: Tokens.List): ReactNode {
  const lines = all(items, (item) => <li>{blocks((item as Tokens.ListItem).tokens)}</li>);
  return ordered ? <ol start={start === '' ? 1 : start}>{lines}</ol> : <ul>{lines}</ul>;
}

function table({ header, rows }: Tokens.Table): ReactNode {
  const cells = (row: readonly Tokens.TableCell[], Cell: 'th' | 'td'): ReactNode => (
    <tr>
      {row.map(({ tokens }, i) => (
        <Cell key={i}>{inlines(tokens)}</Cell>
      ))}
    </tr>
  );
  return (
    <table>
      <thead>{cells(header, 'th')}</thead>
      <tbody>
        {rows.map((row, i) => (
          <Fragment key={i}>{cells(row, 'td')}</Fragment>
        ))}
      </tbody>
    </table>
  );
}
