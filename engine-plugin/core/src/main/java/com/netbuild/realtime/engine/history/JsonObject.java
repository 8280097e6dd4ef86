package com.netbuild.realtime.engine.history;

import java.time.LocalDate;
import java.util.Collection;
import java.util.Date;

/**
 * Writes one flat JSON object. A field that is null is left out. The engine brings a JSON library, but under a package
 * name that is its own affair and differs between its forks; these few lines are the same on all of them.
 */
public final class JsonObject {

  private static final long DAY = 86_400_000;

  private final StringBuilder json = new StringBuilder(768).append('{');

  public JsonObject field(String name, String value) {
    if (value != null) {
      name(name);
      quote(value, json);
    }
    return this;
  }

  public JsonObject field(String name, Date value) {
    if (value != null) {
      name(name);
      appendTime(value.getTime());
    }
    return this;
  }

  public JsonObject field(String name, Integer value) {
    return value == null ? this : raw(name, value.toString());
  }

  /** A number as JSON writes it; what JSON has none for (NaN, the infinities) must not come here. */
  public JsonObject number(String name, String value) {
    return raw(name, value);
  }

  public JsonObject nothing(String name) {
    return raw(name, "null");
  }

  /** An array of texts; one without any is left out. */
  public JsonObject field(String name, Collection<String> values) {
    if (values.isEmpty()) {
      return this;
    }
    name(name);
    char separator = '[';
    for (String value : values) {
      json.append(separator);
      quote(value, json);
      separator = ',';
    }
    json.append(']');
    return this;
  }

  /** Whether it has a field of that name. What looks like one inside of a text has its quotes escaped. */
  public boolean has(String name) {
    return json.indexOf('"' + name + "\":") >= 0;
  }

  public JsonObject field(String name, boolean value) {
    return raw(name, Boolean.toString(value));
  }

  private JsonObject raw(String name, String value) {
    name(name);
    json.append(value);
    return this;
  }

  /** The object as text. */
  public String end() {
    StringBuilder text = new StringBuilder(json.length() + 1);
    endTo(text);
    return text.toString();
  }

  /** Appends the object as text. */
  void endTo(StringBuilder text) {
    text.append(json).append('}');
  }

  /** UTC, with milliseconds. By hand: a formatter takes as long for one as all else here for an event. */
  private void appendTime(long epochMillis) {
    int millis = (int) Math.floorMod(epochMillis, DAY);
    json.append('"').append(LocalDate.ofEpochDay(Math.floorDiv(epochMillis, DAY))).append('T');
    appendTwo(millis / 3_600_000).append(':');
    appendTwo(millis / 60_000 % 60).append(':');
    appendTwo(millis / 1000 % 60).append('.');
    json.append((char) ('0' + millis / 100 % 10));
    appendTwo(millis % 100).append("Z\"");
  }

  private StringBuilder appendTwo(int number) {
    return json.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }

  private void name(String name) {
    if (json.length() > 1) {
      json.append(',');
    }
    json.append('"').append(name).append("\":");
  }

  /** Appends the value as a JSON string. */
  public static void quote(String value, StringBuilder to) {
    to.append('"');
    if (isPlain(value)) {
      to.append(value).append('"');
      return;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> to.append("\\\"");
        case '\\' -> to.append("\\\\");
        case '\n' -> to.append("\\n");
        case '\r' -> to.append("\\r");
        case '\t' -> to.append("\\t");
        default -> {
          if (c < ' ' || c == 127 || isLoneSurrogate(value, i)) {
            // PostgreSQL's text refuses a raw \0, and UTF-8 has no bytes for half a pair.
            to.append(String.format("\\u%04x", (int) c));
          } else {
            to.append(c);
          }
        }
      }
    }
    to.append('"');
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || c >= 127) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLoneSurrogate(String value, int i) {
    char c = value.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
    }
    return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
  }
}
