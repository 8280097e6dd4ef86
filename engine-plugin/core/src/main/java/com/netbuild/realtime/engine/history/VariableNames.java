package com.netbuild.realtime.engine.history;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which variables are copied: those with one of these names, or whose name begins like one that ends in {@code *}. */
public final class VariableNames {

  private final Set<String> exact = new HashSet<>();
  private final List<String> prefixes = new ArrayList<>();

  /** @param list separated by commas; null or empty for none */
  public VariableNames(String list) {
    for (String one : (list == null ? "" : list).split(",")) {
      String name = one.trim();
      if (name.endsWith("*")) {
        prefixes.add(name.substring(0, name.length() - 1));
      } else if (!name.isEmpty()) {
        exact.add(name);
      }
    }
  }

  /** Whether none is. */
  public boolean isNone() {
    return exact.isEmpty() && prefixes.isEmpty();
  }

  /** Whether the variable of that name is. */
  public boolean has(String name) {
    return name != null && (exact.contains(name) || prefixes.stream().anyMatch(name::startsWith));
  }
}
