package com.netbuild.realtime.engine.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the plugin's README tells people to type. */
public final class Readme {

  private Readme() {}

  /** The statement in it that begins like this, without its semicolon. */
  public static String statement(String beginning) {
    Matcher found = Pattern.compile("^" + Pattern.quote(beginning) + "[^;]*(?=;)", Pattern.MULTILINE).matcher(text());
    if (!found.find()) {
      throw new AssertionError("the README has no statement that begins with: " + beginning);
    }
    return found.group();
  }

  private static String text() {
    try {
      return Files.readString(Path.of("../README.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
