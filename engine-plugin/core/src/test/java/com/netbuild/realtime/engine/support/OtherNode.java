package com.netbuild.realtime.engine.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** An engine in a process of its own, which can be killed, or stopped and continued. */
public final class OtherNode implements AutoCloseable {

  private final Process process;
  private final BufferedReader out;
  private final PrintStream in;

  /** It is back when the engine runs. */
  public OtherNode(String jdbcUrl, String gatewayUrl, int leaseMs) throws IOException {
    String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC", "-cp", classPath,
        OtherNode.class.getName(), jdbcUrl, gatewayUrl, Integer.toString(leaseMs))
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    out = process.inputReader();
    in = new PrintStream(process.getOutputStream(), true);
    expect("ready");
  }

  /** Starts so many instances, one after the other, and tells their ids. */
  public List<String> start(int count) throws IOException {
    in.println(count);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(next());
    }
    return ids;
  }

  /** The next one that it has started. */
  public String next() throws IOException {
    String id = out.readLine();
    if (id == null) {
      throw new IOException("the other node has ended");
    }
    return id;
  }

  /** Starts them, and does not wait for it. */
  public void beginToStart(int count) {
    in.println(count);
  }

  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start().waitFor();
  }

  private void expect(String line) throws IOException {
    String read = out.readLine();
    if (!line.equals(read)) {
      throw new IOException("the other node said " + read + " instead of " + line);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  public static void main(String[] args) throws IOException {
    TestEngine test = TestEngine.build(setup -> {
      setup.jdbcUrl = args[0];
      setup.plugin.setGatewayUrl(args[1]);
      setup.plugin.setPublishKey(FakeGateway.KEY);
      setup.plugin.setLeaseMs(Integer.parseInt(args[2]));
    });
    System.out.println("ready");
    BufferedReader orders = new BufferedReader(new InputStreamReader(System.in));
    for (String order; (order = orders.readLine()) != null; ) {
      for (int i = 0; i < Integer.parseInt(order); i++) {
        System.out.println(test.start("review"));
      }
    }
    test.close();
  }
}
