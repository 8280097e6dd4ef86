/** The model of the sample's two steps, so that a diagram can be looked at without an engine. */
export function sampleModel(processDefinitionKey: string): string {
  const key = processDefinitionKey.replace(/[<>&"']/g, '_');
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="sample-definitions" targetNamespace="http://netbuild.com/realtime/sample">
  <bpmn:process id="${key}" name="Sample delivery" isExecutable="true">
    <bpmn:startEvent id="asked-for" name="Delivery asked for" />
    <bpmn:userTask id="review" name="Review the requirements" />
    <bpmn:userTask id="approve" name="Approve the release" />
    <bpmn:endEvent id="delivered" name="Delivered" />
    <bpmn:sequenceFlow id="to-review" sourceRef="asked-for" targetRef="review" />
    <bpmn:sequenceFlow id="to-approve" sourceRef="review" targetRef="approve" />
    <bpmn:sequenceFlow id="to-delivered" sourceRef="approve" targetRef="delivered" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="sample-diagram">
    <bpmndi:BPMNPlane id="sample-plane" bpmnElement="${key}">
      ${shape('asked-for', [160, 102, 36, 36], [124, 145, 108, 14])}
      ${shape('review', [260, 80, 100, 80])}
      ${shape('approve', [430, 80, 100, 80])}
      ${shape('delivered', [600, 102, 36, 36], [593, 145, 50, 14])}
      ${edge('to-review', 196, 260)}
      ${edge('to-approve', 360, 430)}
      ${edge('to-delivered', 530, 600)}
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>`;
}

type Bounds = [x: number, y: number, width: number, height: number];

const bounds = ([x, y, width, height]: Bounds) =>
  `<dc:Bounds x="${x}" y="${y}" width="${width}" height="${height}" />`;

function shape(id: string, place: Bounds, label?: Bounds): string {
  const name = label ? `<bpmndi:BPMNLabel>${bounds(label)}</bpmndi:BPMNLabel>` : '';
  return `<bpmndi:BPMNShape id="${id}-shape" bpmnElement="${id}">${bounds(place)}${name}</bpmndi:BPMNShape>`;
}

function edge(id: string, from: number, to: number): string {
  const points = [from, to].map((x) => `<di:waypoint x="${x}" y="120" />`).join('');
  return `<bpmndi:BPMNEdge id="${id}-edge" bpmnElement="${id}">${points}</bpmndi:BPMNEdge>`;
}
