package com.netbuild.realtime.engine.outbox;

import java.util.ArrayList;
import java.util.List;

/**
 * The events of one command as JSON arrays, each below a limit of bytes, cut between events. MariaDB refuses a
 * statement above {@code max_allowed_packet} (from 1 MB on), and would roll back the user's transaction with it.
 */
final class EventParts {

  /** Below 1 MB with room for the rest of the statement. */
  static final int LIMIT = 900_000;

  /** One part. */
  record Part(String body, int size) {}

  private final List<Part> full = new ArrayList<>();
  private StringBuilder open = new StringBuilder();
  private int openSize;

  void add(String event) {
    int size = utf8Length(event) + 1;
    if (openSize > 0 && openSize + size > LIMIT) {
      closePart();
    }
    open.append(openSize == 0 ? '[' : ',').append(event);
    openSize += size;
  }

  boolean isEmpty() {
    return full.isEmpty() && openSize == 0;
  }

  List<Part> end() {
    if (openSize > 0) {
      closePart();
    }
    return full;
  }

  private void closePart() {
    full.add(new Part(open.append(']').toString(), openSize + 1));
    open = new StringBuilder();
    openSize = 0;
  }

  /** The length in UTF-8; every surrogate is one of a pair, since lone ones were escaped. */
  static int utf8Length(String text) {
    int length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        length += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return length;
  }
}
