package com.netbuild.realtime.engine.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "\"quoted\" \\ back", "a\nb\rc\td\b\f", "\u0000\u0001\u001f\u007f",
      "Größe – 服务 😀", "\u2028\u2029", "</script>"})
  @DisplayName("any text comes back as it was, through UTF-8")
  void text(String text) {
    String json = new JsonObject().field("a", text).end();
    String sent = new String(json.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    assertEquals(text, JsonParser.parseString(sent).getAsJsonObject().get("a").getAsString());
  }

  @Test
  @DisplayName("half a surrogate pair is escaped, since UTF-8 has no bytes for it")
  void loneSurrogates() {
    assertEquals("{\"a\":\"\\ud83d\",\"b\":\"x\\ude00y\"}",
        new JsonObject().field("a", "\ud83d").field("b", "x\ude00y").end());
  }

  @Test
  @DisplayName("no raw control character is left, which PostgreSQL would refuse")
  void controlCharacters() {
    String json = new JsonObject().field("a", "\u0000\n\u001f").end();
    assertTrue(json.chars().allMatch(c -> c >= ' '), json);
  }

  @Test
  @DisplayName("null fields are left out, and times are UTC with milliseconds")
  void fields() {
    assertEquals("{\"n\":7,\"b\":true,\"t\":\"1970-01-01T00:00:00.007Z\",\"d\":\"1970-01-01T00:00:01.000Z\"}",
        new JsonObject()
            .field("s", (String) null).field("n", 7).field("i", (Integer) null).field("b", true)
            .field("t", new Date(7)).field("d", new java.sql.Date(1000)).field("u", (Date) null)
            .end());
    assertEquals("{}", new JsonObject().end());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 1_767_326_645_006L, 951_782_400_000L, 4_102_444_799_999L, -62_135_596_800_000L})
  @DisplayName("any time is written as a formatter would")
  void times(long millis) {
    String expected = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC)
        .format(Instant.ofEpochMilli(millis));
    assertEquals("{\"t\":\"" + expected + "\"}", new JsonObject().field("t", new Date(millis)).end());
  }
}
