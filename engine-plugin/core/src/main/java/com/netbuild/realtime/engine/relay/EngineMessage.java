package com.netbuild.realtime.engine.relay;

import com.netbuild.realtime.engine.history.JsonObject;
import com.netbuild.realtime.engine.outbox.OutboxCommand;
import java.util.List;

/** The body of {@code POST /v1/engine}: whole commands, in order. */
final class EngineMessage {

  private EngineMessage() {}

  /** Brings nothing: asks in which life the gateway's storage is. */
  static String question(String engine) {
    return beginning(engine).append("]}").toString();
  }

  /** Brings nothing, and says that all this engine keeps is in that life. */
  static String whole(String engine, String epoch) {
    StringBuilder json = beginning(engine).append("],\"whole\":");
    JsonObject.quote(epoch, json);
    return json.append('}').toString();
  }

  /** @param epoch the life that the commands follow on, in which alone they are to be taken; null: whichever it is */
  static String of(String engine, String epoch, List<OutboxCommand> commands, CommitClock clock) {
    StringBuilder json = beginning(engine);
    String separator = "";
    for (OutboxCommand command : commands) {
      json.append(separator).append("{\"id\":\"").append(command.id()).append("\",\"committedAt\":");
      appendMillis(clock.microsOf(command.id(), command.created()), json);
      json.append(",\"userId\":");
      if (command.userId() == null) {
        json.append("null");
      } else {
        JsonObject.quote(command.userId(), json);
      }
      json.append(",\"events\":").append(command.events()).append('}');
      separator = ",";
    }
    json.append(']');
    if (epoch != null) {
      json.append(",\"epoch\":");
      JsonObject.quote(epoch, json);
    }
    return json.append('}').toString();
  }

  private static StringBuilder beginning(String engine) {
    StringBuilder json = new StringBuilder("{\"engine\":");
    JsonObject.quote(engine, json);
    return json.append(",\"commands\":[");
  }

  /** Milliseconds with three decimals; by hand, since a double's own text would be 1.763883000123456E12. */
  private static void appendMillis(long micros, StringBuilder json) {
    long fraction = micros % 1000;
    json.append(micros / 1000).append('.').append(fraction < 100 ? "0" : "").append(fraction < 10 ? "0" : "")
        .append(fraction);
  }
}
