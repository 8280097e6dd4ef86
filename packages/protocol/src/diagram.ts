/** Answer of `GET /v1/diagram`: the model that instances of a process run by. */
export interface DiagramAnswer {
  processDefinitionId: string;
  processDefinitionKey: string;
  /** Its name, where it has one. */
  name?: string;
  version: number;
  /** BPMN 2.0, as it was deployed. */
  xml: string;
}

/** A process definition in its newest version. */
export interface DefinitionSummary {
  processDefinitionKey: string;
  /** Its name, where it has one. */
  name?: string;
  version: number;
  /** The engine that it is in, where that is not the one called `default`. */
  engine?: string;
}

/** Answer of `GET /v1/definitions`: those whose rooms the person may enter. */
export interface DefinitionsAnswer {
  definitions: DefinitionSummary[];
  /** There are more of them, and no more were looked through. */
  more?: true;
}
