package com.netbuild.realtime.engine.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  /** The names in the first column of the table in this section. */
  public static List<String> firstColumn(String heading) {
    String section = text().split("\n" + Pattern.quote(heading) + "\n")[1].split("\n## ")[0];
    return section.lines().filter(line -> line.startsWith("| `"))
        .flatMap(line -> Pattern.compile("`(\\w+)`").matcher(line.split("\\|")[1]).results())
        .map(name -> name.group(1)).toList();
  }

  private static String text() {
    try {
      return Files.readString(Path.of("../README.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
