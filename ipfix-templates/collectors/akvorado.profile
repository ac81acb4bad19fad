# SPDX-License-Identifier: MIT OR Apache-2.0
# For Akvorado: packets only, with samplingInterval, without which it drops flows. Not samplerId: Akvorado then looks for
# the rate of this sampler in options records.
[observation]
flowStartMilliseconds
sourceIPv4Address
destinationIPv4Address
sourceIPv6Address
destinationIPv6Address
sourceTransportPort
destinationTransportPort
protocolIdentifier
packetDeltaCount
octetDeltaCount
tcpControlBits
ipTTL
ipClassOfService
flowLabelIPv6
fragmentIdentification
vlanId
sourceMacAddress
destinationMacAddress
ingressInterface
egressInterface
samplingInterval
