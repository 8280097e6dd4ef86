package com.netbuild.realtime.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Plays the same load in turn on an engine with the plugin, on one without it, and on another one without it, each with
 * a database of its own, and prints a line of JSON for each turn. All three share one virtual machine: two of them would
 * differ by what their compilers have chosen, and by more than what is looked for.
 *
 * <p>Settings are system properties: {@code jdbcUrl}, {@code user} and {@code password} of a database server, {@code
 * gatewayUrl} and {@code publishKey} of the one who acknowledges what the plugin sends, {@code rounds}, {@code
 * instances} of a turn, {@code warmUp} turns before them.
 */
public final class PluginOverhead {

  private static final int COUNTED_INSTANCES = 100;
  private static final int[][] ORDERS = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {0, 2, 1}, {2, 0, 1}, {1, 0, 2}};

  private PluginOverhead() {}

  public static void main(String[] arguments) throws Exception {
    List<BenchEngine> engines = new ArrayList<>();
    for (String side : List.of("with", "without", "noise")) {
      engines.add(BenchEngine.open(side, System.getProperty("jdbcUrl")));
    }
    int instances = Integer.getInteger("instances");
    int warmUp = Integer.getInteger("warmUp");
    int rounds = Integer.getInteger("rounds");
    for (int round = -warmUp; round < rounds; round++) {
      // In each order equally often, since a turn may leave work behind for the next one.
      for (int place : ORDERS[Math.floorMod(round, ORDERS.length)]) {
        Turn turn = Turn.play(engines.get(place), instances);
        System.out.println(turn.json(round));
      }
    }
    for (BenchEngine engine : engines) {
      engine.count(true);
      Turn turn = Turn.play(engine, COUNTED_INSTANCES);
      System.out.println("{\"side\":\"" + engine.side() + "\",\"statements\":"
          + (double) turn.statements() / COUNTED_INSTANCES + ",\"commands\":" + Load.COMMANDS + "}");
    }
    engines.forEach(BenchEngine::close);
    System.exit(0);
  }
}
