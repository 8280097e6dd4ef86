package com.netbuild.realtime.engine.outbox;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.InflaterInputStream;

/**
 * The events of one command as they are stored: a JSON array, deflated unless it is short, since the events of a
 * command say the same of their instance again and again and each byte is written three times (the table, the
 * database's log, its replicas); and cut into parts. MariaDB refuses a statement above {@code max_allowed_packet} (1 MB
 * in older settings), and would roll back the user's transaction with it.
 */
final class CommandBody {

  /** Below 1 MB, with room for the rest of the statement and for what a driver escapes. */
  static final int LIMIT = 900_000;

  /** Bytes up to which the time of deflating is worth more than the bytes that it saves: an event or two. */
  private static final int SHORT = 1_200;

  /**
   * @param size  bytes of the JSON
   * @param parts each at most {@link #LIMIT} bytes
   */
  record Stored(int size, List<byte[]> parts) {}

  private CommandBody() {}

  /** @param events a JSON array */
  static Stored of(String events) {
    byte[] json = events.getBytes(StandardCharsets.UTF_8);
    if (json.length <= SHORT) {
      return new Stored(json.length, List.of(json));
    }
    byte[] deflated = deflated(json);
    List<byte[]> parts = new ArrayList<>();
    for (int from = 0; from < deflated.length; from += LIMIT) {
      parts.add(Arrays.copyOfRange(deflated, from, Math.min(deflated.length, from + LIMIT)));
    }
    return new Stored(json.length, parts);
  }

  /** The JSON array that was stored in these parts, in their order. */
  static String text(List<byte[]> parts) {
    // What is deflated begins with another byte.
    if (parts.get(0)[0] == '[') {
      return new String(parts.get(0), StandardCharsets.UTF_8);
    }
    List<InputStream> streams = new ArrayList<>();
    parts.forEach(part -> streams.add(new ByteArrayInputStream(part)));
    try (InputStream json = new InflaterInputStream(new SequenceInputStream(Collections.enumeration(streams)))) {
      return new String(json.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("NetBuild Realtime: the body of a command in the outbox is damaged.", e);
    }
  }

  private static byte[] deflated(byte[] json) {
    // The fastest level: the stronger ones take twice the time for a twentieth of the bytes.
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(json);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(512 + json.length / 8);
      byte[] buffer = new byte[4096];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      // Its memory is not the heap's, and would wait for the collector.
      deflater.end();
    }
  }
}
