import { MAX_MESSAGE_BYTES } from '@netbuild/realtime-protocol';

/** A piece of a message. */
export interface Piece {
  messageId: string;
  /** UTF-16 units before it. */
  offset: number;
  text: string;
}

/** One message: an answer that is too long for it goes on in another one. */
interface Part {
  messageId: string;
  text: string;
  bytes: number;
  /** How much of it is durable. */
  saved: number;
  /** How much of it was said on the screens. */
  heard: number;
}

/** What an agent says, as messages. */
export interface Speech {
  add(text: string): void;
  /** What is not durable yet, of the first message that has such; nothing where that is only blank. */
  unsaved(): Piece | undefined;
  /** What was not said on the screens yet, of the first message that has such, and at most so much of it. */
  unheard(most: number): Piece | undefined;
  saved(piece: Piece): void;
  heard(piece: Piece): void;
  /** UTF-16 units that are not durable yet. */
  readonly waiting: number;
  /** Whether there is no message yet, or the last step was the end of one. */
  readonly isAtBeginning: boolean;
  /** Whether all that is left is in one message. */
  readonly isLastPart: boolean;
}

/** Makes what a run says, from nothing. */
export function createSpeech(runId: string): Speech {
  const parts: Part[] = [];

  function begin(): Part {
    const part = { messageId: `${runId}-${parts.length + 1}`, text: '', bytes: 0, saved: 0, heard: 0 };
    parts.push(part);
    return part;
  }

  const pieceOf = ({ messageId, text }: Part, from: number, to: number): Piece | undefined => {
    const end = wholeEnd(text, to);
    return end > from ? { messageId, offset: from, text: text.slice(from, end) } : undefined;
  };
  const partOf = ({ messageId }: Piece) => parts.find((part) => part.messageId === messageId)!;

  return {
    add(text) {
      for (const chunk of chunksOf(text)) {
        const bytes = Buffer.byteLength(chunk);
        let part = parts.at(-1);
        if (!part || part.bytes + bytes > MAX_MESSAGE_BYTES) part = begin();
        part.text += chunk;
        part.bytes += bytes;
      }
    },
    unsaved() {
      const part = parts.find(({ text, saved }) => saved < text.length);
      // A message can not be blank, and a blank end of one is of no interest.
      if (!part || part.text.trim() === '') return undefined;
      return pieceOf(part, part.saved, part.text.length);
    },
    unheard(most) {
      const part = parts.find(({ text, heard }) => heard < text.length);
      return part && pieceOf(part, part.heard, Math.min(part.text.length, part.heard + most));
    },
    saved(piece) {
      partOf(piece).saved = piece.offset + piece.text.length;
    },
    heard(piece) {
      partOf(piece).heard = piece.offset + piece.text.length;
    },
    get waiting() {
      return parts.reduce((sum, { text, saved }) => sum + text.length - saved, 0);
    },
    get isAtBeginning() {
      return parts.find(({ text, saved }) => saved < text.length)?.saved === 0;
    },
    get isLastPart() {
      return parts.slice(0, -1).every(({ text, saved }) => saved === text.length);
    },
  };
}

/** Half of a character waits for its other half. */
function wholeEnd(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}

/** No more than fits into one message, with whole characters, each of which has four bytes at most. */
function* chunksOf(text: string): Generator<string> {
  const most = MAX_MESSAGE_BYTES / 4;
  for (let from = 0; from < text.length; ) {
    const end = wholeEnd(text, Math.min(text.length, from + most));
    const to = end > from ? end : text.length;
    yield text.slice(from, to);
    from = to;
  }
}
