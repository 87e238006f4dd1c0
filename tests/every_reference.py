"""CIBs that have every kind of reference, each several times: NEW with a schema of today, OLD with the first ACLs."""

from __future__ import annotations

NEW = b"""<cib validate-with="pacemaker-3.2" admin_epoch="0" epoch="1" num_updates="0"><configuration>
<crm_config>
  <cluster_property_set id="options"><nvpair id="options-stonith" name="stonith-enabled" value="false"/>
    <rule id="options-rule" score="INFINITY"><expression id="options-e" attribute="a" operation="defined"/></rule>
  </cluster_property_set>
  <cluster_property_set id-ref="options"/>
</crm_config>
<nodes>
  <node id="1" uname="alpha"><instance_attributes id="alpha-a"><nvpair id="alpha-x" name="x" value="1"/></instance_attributes></node>
  <node id="2" uname="beta"><instance_attributes id-ref="alpha-a"/></node>
</nodes>
<resources>
  <template id="base" class="ocf" provider="heartbeat" type="Dummy">
    <instance_attributes id="base-i"><nvpair id="base-fake" name="fake" value="t"/></instance_attributes>
    <operations id="base-ops"><op id="base-monitor" name="monitor" interval="10s"/>
      <op id="base-start" name="start" interval="0s"/></operations>
  </template>
  <primitive id="t1" template="base"><instance_attributes id="t1-i"><nvpair id="t1-fake" name="fake" value="1"/>
    </instance_attributes><operations><op id="t1-monitor" name="monitor" interval="20s"/></operations></primitive>
  <primitive id="t2" template="base"><meta_attributes id="t2-m"><nvpair id="t2-p" name="priority" value="1"/></meta_attributes>
  </primitive>
  <!-- a device -->
  <primitive id="f1" class="stonith" type="fence_a">
    <instance_attributes id="f1-i"><nvpair id="f1-ip" name="ip" value="192.0.2.1"/></instance_attributes></primitive>
  <primitive id="f2" class="stonith" type="fence_a"><instance_attributes id="f2-i"><nvpair id-ref="f1-ip"/>
    <nvpair id-ref="f1-ip" name="other"/></instance_attributes></primitive>
  <primitive id="d1" class="ocf" provider="heartbeat" type="Dummy">
    <instance_attributes id="d1-i"><rule id="d1-rule" score="1"><expression id="d1-e" attribute="#uname" operation="eq" value="alpha"/>
      </rule><nvpair id="d1-fake" name="fake" value="1"/></instance_attributes>
    <meta_attributes id="d1-m"><nvpair id="d1-p" name="priority" value="1"/></meta_attributes>
    <operations id="d1-ops"><op id="d1-monitor" name="monitor" interval="10s"><instance_attributes id="d1-op-i">
      <nvpair id="d1-level" name="OCF_CHECK_LEVEL" value="10"/></instance_attributes></op></operations>
    <utilization id="d1-u"><nvpair id="d1-ram" name="ram" value="1"/></utilization>
  </primitive>
  <primitive id="d2" class="ocf" provider="heartbeat" type="Dummy"><instance_attributes id-ref="d1-i"/>
    <meta_attributes id-ref="d1-m"/><operations id-ref="d1-ops"/><utilization id-ref="d1-u"/></primitive>
  <primitive id="d3" class="ocf" provider="heartbeat" type="Dummy"><instance_attributes id-ref="d1-i"/>
    <meta_attributes id="d3-m"><rule id-ref="d1-rule"/><nvpair id-ref="d1-p"/></meta_attributes>
    <operations id="d3-ops"><op id="d3-monitor" name="monitor" interval="10s"><instance_attributes id-ref="d1-op-i"/></op>
    </operations></primitive>
  <primitive id="d4" class="ocf" provider="heartbeat" type="Dummy"/>
  <group id="g1"><meta_attributes id="g1-m"><nvpair id="g1-p" name="priority" value="2"/></meta_attributes>
    <!-- the first --><primitive id="m1" class="ocf" provider="heartbeat" type="Dummy"/>
    <primitive id="m2" class="ocf" provider="heartbeat" type="Dummy"><meta_attributes id-ref="g1-m"/></primitive></group>
  <clone id="c1"><primitive id="m3" class="ocf" provider="pacemaker" type="Stateful"/></clone>
  <clone id="c2"><meta_attributes id-ref="g1-m"/><group id="g2"><primitive id="m4" class="ocf" provider="heartbeat" type="Dummy"/>
    <primitive id="m5" template="base"/></group></clone>
  <bundle id="b1"><docker image="x"/><network><port-mapping id="b1-port" port="80"/></network>
    <primitive id="m6" class="ocf" provider="heartbeat" type="Dummy"/></bundle>
</resources>
<constraints>
  <!-- not on beta -->
  <rsc_location id="l1" rsc="d1" node="beta" score="-INFINITY"/>
  <rsc_location id="l2" rsc="g1"><rule id="l2-rule" score="1"><expression id="l2-e" attribute="x" operation="defined"/></rule>
  </rsc_location>
  <rsc_location id="l3" rsc="tagged"><rule id-ref="l2-rule"/></rsc_location>
  <rsc_location id="l4" rsc-pattern="d.*" node="alpha" score="5"/>
  <rsc_location id="l5" node="alpha" score="5"><resource_set id="l5-0"><resource_ref id="d1"/><resource_ref id="c1"/></resource_set>
  </rsc_location>
  <rsc_colocation id="k1" rsc="d1" with-rsc="c1" with-rsc-role="Master" score="INFINITY"/>
  <rsc_colocation id="k2" score="5"><resource_set id="k2-0"><resource_ref id="d1"/><resource_ref id="d2"/><resource_ref id="d3"/>
  </resource_set></rsc_colocation>
  <rsc_colocation id="k3" score="5"><resource_set id-ref="k2-0"/></rsc_colocation>
  <rsc_colocation id="k4" score="5" rsc="tagged" with-rsc="base"/>
  <rsc_order id="o1" first="d1" then="g1" kind="Mandatory"/>
  <rsc_order id="o2" first="c1" first-action="promote" then="b1" then-action="start"/>
  <rsc_order id="o3"><resource_set id="o3-0" sequential="false"><resource_ref id="d1"/><resource_ref id="d2"/></resource_set>
    <resource_set id="o3-1" action="start"><resource_ref id="d3"/><resource_ref id="tagged"/></resource_set></rsc_order>
  <rsc_order id="o4"><resource_set id="o4-0"><resource_ref id="m1"/><resource_ref id="d2"/><resource_ref id="d4"/></resource_set>
    <resource_set id-ref="o3-1"/></rsc_order>
  <rsc_ticket id="w1" ticket="T" rsc="d4" loss-policy="stop"/>
  <rsc_ticket id="w2" ticket="T"><resource_set id="w2-0" role="Master"><resource_ref id="c1"/></resource_set>
    <resource_set id="w2-1"><resource_ref id="d1"/><resource_ref id="d2"/></resource_set></rsc_ticket>
</constraints>
<fencing-topology>
  <fencing-level id="v1" target="alpha" index="1" devices="f1,f2"/>
  <fencing-level id="v2" target="alpha" index="3" devices="f2"/>
  <fencing-level id="v3" target-pattern="b.*" index="1" devices="f1"/>
</fencing-topology>
<acls>
  <acl_role id="operator"><acl_permission id="p1" kind="write" reference="d1"/><acl_permission id="p2" kind="deny" reference="g1"/>
    <acl_permission id="p3" kind="deny" xpath="//primitive[@id='d1']/instance_attributes"/></acl_role>
  <acl_role id="reader"><acl_permission id="p4" kind="read" reference="d1-i"/></acl_role>
  <acl_target id="sue"><role id="operator"/><role id="reader"/></acl_target>
  <acl_target id="bob"><role id="reader"/></acl_target>
  <acl_group id="staff"><role id="operator"/></acl_group>
</acls>
<alerts>
  <alert id="mail" path="/bin/true"><meta_attributes id="mail-m"><nvpair id="mail-t" name="timeout" value="5s"/></meta_attributes>
    <recipient id="mail-r" value="a@example.org"><meta_attributes id-ref="mail-m"/></recipient></alert>
  <alert id="log" path="/bin/true"><meta_attributes id-ref="mail-m"/></alert>
</alerts>
<tags>
  <tag id="tagged"><obj_ref id="d1"/><obj_ref id="d2"/></tag>
  <tag id="lonely"><obj_ref id="g1"/></tag>
  <tag id="of-others"><obj_ref id="l1"/><obj_ref id="lonely"/><obj_ref id="d1-i"/></tag>
</tags>
<rsc_defaults>
  <meta_attributes id="defaults"><nvpair id="defaults-s" name="resource-stickiness" value="1"/></meta_attributes>
  <meta_attributes id-ref="g1-m"/>
</rsc_defaults>
<op_defaults><meta_attributes id="op-defaults"><nvpair id="op-defaults-t" name="timeout" value="9s"/></meta_attributes></op_defaults>
</configuration><status/></cib>"""

OLD = b"""<cib validate-with="pacemaker-1.2" admin_epoch="0" epoch="1" num_updates="0"><configuration>
<crm_config/><nodes><node id="one" uname="alpha"/></nodes>
<resources>
  <primitive id="d1" class="ocf" provider="heartbeat" type="Dummy"/>
  <primitive id="d2" class="ocf" provider="heartbeat" type="Dummy"/>
  <master id="m1"><primitive id="d3" class="ocf" provider="pacemaker" type="Stateful"/></master>
</resources>
<constraints><rsc_colocation id="k1" rsc="d1" with-rsc="m1" with-rsc-role="Master" score="INFINITY"/>
  <rsc_location id="l1" rsc="m1"><rule id="l1-rule" role="Master" score="1"><expression id="l1-e" attribute="x" operation="defined"/>
  </rule></rsc_location></constraints>
<acls>
  <acl_role id="operator"><write id="p1" ref="d1"/><read id="p2" tag="nvpair" ref="m1"/></acl_role>
  <acl_user id="sue"><role_ref id="operator"/></acl_user>
  <acl_user id="bob"><read id="p3" ref="d1"/><deny id="p4" ref="d2"/></acl_user>
</acls>
</configuration><status/></cib>"""
