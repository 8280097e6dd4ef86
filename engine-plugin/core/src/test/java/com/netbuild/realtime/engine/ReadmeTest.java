package com.netbuild.realtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.netbuild.realtime.engine.support.FakeGateway;
import com.netbuild.realtime.engine.support.Models;
import com.netbuild.realtime.engine.support.Readme;
import com.netbuild.realtime.engine.support.TestDatabase;
import com.netbuild.realtime.engine.support.TestEngine;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReadmeTest {

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  @DisplayName("switched off and its tables dropped as the README says, the engine goes on; switched on again, they are back")
  void dropped(TestDatabase database) {
    String url = database.url();
    TestEngine.empty(url);
    try (FakeGateway gateway = new FakeGateway();
        TestEngine test = TestEngine.on(gateway, setup -> setup.jdbcUrl = url).deploy(Models.review())) {
      gateway.awaitStartOf(test.start("review"));
      test.awaitRows(0);
    }
    try (TestEngine off = TestEngine.build(setup -> {
      setup.jdbcUrl = url;
      setup.plugin.setEnabled(false);
    })) {
      off.run(Readme.statement("drop table NETBUILD_OUTBOX"));
      off.run(Readme.statement("drop table NETBUILD_RELAY"));
      off.completeTaskOf(off.start("review"));
    }
    try (FakeGateway gateway = new FakeGateway(); TestEngine test = TestEngine.on(gateway, setup -> setup.jdbcUrl = url)) {
      gateway.awaitStartOf(test.start("review"));
      test.awaitRows(0);
    }
  }

  @Test
  @DisplayName("it lists each property, and no other")
  void properties() {
    Set<String> setters = Stream.of(PluginProperties.class.getMethods()).map(Method::getName)
        .filter(name -> name.startsWith("set")).map(name -> Character.toLowerCase(name.charAt(3)) + name.substring(4))
        .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(setters, new TreeSet<>(Readme.firstColumn("## Properties")));
  }

  @Test
  @DisplayName("it lists each column of the outbox")
  void columns() {
    assertTrue(Readme.firstColumn("## The tables").containsAll(
        Set.of("ID_", "COMMAND_", "PART_", "PARTS_", "SIZE_", "CREATED_", "USER_ID_", "ASIDE_", "BODY_")));
  }
}
