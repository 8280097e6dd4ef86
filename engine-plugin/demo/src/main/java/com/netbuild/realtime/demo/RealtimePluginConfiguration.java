package com.netbuild.realtime.demo;

import com.netbuild.realtime.engine.CamundaWebSocketPlugin;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the realtime plugin into the engine: a bean is all it takes. */
@Configuration(proxyBeanMethods = false)
class RealtimePluginConfiguration {

  @Bean
  CamundaWebSocketPlugin camundaWebSocketPlugin(RealtimeProperties properties) {
    CamundaWebSocketPlugin plugin = new CamundaWebSocketPlugin();
    plugin.setEnabled(properties.enabled());
    plugin.setGatewayUrl(properties.gatewayUrl());
    plugin.setPublishKey(properties.publishKey());
    plugin.setEngineName(properties.engineName());
    return plugin;
  }
}
