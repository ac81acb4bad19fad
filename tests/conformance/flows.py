# SPDX-License-Identifier: MIT OR Apache-2.0
"""The end of each flow in p0f 3.09b, derived from the packets.

p0f looks for HTTP in each flow. It deletes the flow with its timestamps when the HTTP parser has a result. The
conditions were measured: p0f read synthetic flows, and its uptime lines showed the flows that still existed.
`compare.py` checks the conditions for real flows: no uptime line of p0f may come after the end.
"""
import collections
import re

from segment import ACK, FIN, RST, SYN, segment

DATA_MAX = 8192  # bytes of one direction that the parser reads
REQUEST_MIN = 15  # with fewer bytes, the parser waits for more
RESPONSE_MIN = 13
LINE_MAX = 1024  # bytes of the first line, and of the value of a header
NAME_MAX = 32
HEADERS_MAX = 32
REMEMBERED_SECONDS = 120  # synfix keeps a SYN for this time
NAME = re.compile(rb"[A-Za-z0-9_-]*")
BAD_IN_LINE = re.compile(rb"[^\x20-\x7f\r]")


class Message:
    """One direction of a flow. feed() returns `more`, `done` or `refused`."""

    def __init__(self, request):
        self.request, self.data, self.segments, self.stuck = request, b"", 0, False

    def feed(self, payload):
        if self.stuck:
            return "refused"
        self.data = (self.data + payload)[:DATA_MAX]
        self.segments += 1
        verdict = self.judge()
        return "refused" if verdict == "more" and len(self.data) >= DATA_MAX else verdict

    def judge(self):
        if len(self.data) < (REQUEST_MIN if self.request else RESPONSE_MIN):
            return "more"
        first, newline, rest = self.data.partition(b"\n")
        starts = (b"GET /", b"HEAD /") if self.request else (b"HTTP/1.",)
        if BAD_IN_LINE.search(first[:LINE_MAX]) or len(first) >= LINE_MAX or not self.data.startswith(starts):
            return "refused" if self.request or newline or len(first) >= LINE_MAX or BAD_IN_LINE.search(first) else "more"
        if not newline:
            return "more"
        if self.request and not re.search(rb"HTTP/1\..\r?$", first):
            return "refused"
        return self.headers(rest, len(first) + 1)

    def headers(self, rest, at):
        for number in range(HEADERS_MAX + 1):
            if rest.startswith((b"\n", b"\r\n")):
                return "done"
            line, newline, following = rest.partition(b"\n")
            # A response in several segments is refused after its first 1024 bytes.
            if not self.request and self.segments > 1 and at + len(line) >= LINE_MAX:
                return "refused"
            if line in (b"", b"\r") and not newline:
                return "more"
            if number == HEADERS_MAX:
                return "refused"
            name = NAME.match(line).group()
            if len(name) > NAME_MAX + (not line[len(name):]):
                return "refused"
            if len(name) == len(line) and not newline:
                return "more"
            if not name or line[len(name):len(name) + 1] != b":":
                return "refused"
            if len(line) - len(name) - 1 - line[len(name) + 1:].startswith((b" ", b"\t")) > LINE_MAX:
                self.stuck = True  # no result before the next segment
                return "more"
            if not newline:
                return "more"
            rest, at = following, at + len(line) + 1
        return "refused"


class Flow:
    """A flow from its SYN on. cut: endpoints with an incomplete segment; out_of_sequence: (endpoint, frame) after
    these; cut_end: frame of an incomplete FIN or RST. begun, answered, ended: frame numbers; why: `closed`, `http`,
    `tool`, or None while the flow exists."""

    def __init__(self, syn, number, seconds):
        self.client, self.begun, self.answered, self.ended, self.why = syn.source, number, None, None, None
        self.opened_at = seconds
        self.next = {syn.source: syn.sequence + 1 & 0xFFFFFFFF}
        self.request, self.response, self.requested = Message(True), Message(False), False
        self.cut, self.out_of_sequence, self.cut_end = set(), set(), None

    def take(self, piece, number):
        why = self.judge(piece, number)
        if why is not None:
            self.end(number, why)

    def end(self, number, why):
        self.ended, self.why = number, why

    def judge(self, piece, number):
        if piece.flags & SYN:
            if piece.flags & ACK and piece.source != self.client and self.answered is None:
                self.answered = number
                self.next[piece.source] = piece.sequence + 1 & 0xFFFFFFFF
            return None
        if piece.flags & (FIN | RST):
            return "closed"
        if self.answered is None:
            return "closed" if piece.flags & ACK else None
        if piece.sequence != self.next[piece.source]:
            if piece.source in self.cut:
                self.out_of_sequence.add((piece.source, number))
            return None
        self.next[piece.source] = piece.sequence + len(piece.payload) & 0xFFFFFFFF
        return self.payload(piece) if piece.payload else None

    def payload(self, piece):
        if piece.source == self.client:
            if self.requested:
                return None
            verdict = self.request.feed(piece.payload)
            self.requested = verdict == "done"
            return "http" if verdict == "refused" else None
        if not self.requested:
            return "http"
        return "http" if self.response.feed(piece.payload) != "more" else None


class Flows:
    """All flows of a capture. @p tools: numbers of the frames with a SYN of a tool. p0f does not follow flows of
    tools."""

    def __init__(self, frames, tools):
        self.flows, self.tools = collections.defaultdict(list), tools
        self.steps_back, before = [], 0
        self.openings = collections.defaultdict(list)  # source, target, flags, sequence: (frame number, seconds)
        for number, frame in enumerate(frames, 1):
            if frame.seconds < before:
                self.steps_back.append((number, frame.seconds))
            before = frame.seconds
            piece = segment(frame)
            if piece is not None:
                self.take(piece, number, frame.seconds)
            else:
                piece = segment(frame, whole=False)
                self.take_cut(piece, number)
            if piece is not None and piece.flags & SYN:
                key = piece.source, piece.target, piece.flags & (SYN | ACK), piece.sequence
                self.openings[key].append((number, frame.seconds))

    def repeats(self, frame, number):
        """Whether an earlier packet has the same endpoints, SYN and ACK flags and sequence number."""
        piece = segment(frame, whole=False)
        key = (piece.source, piece.target, piece.flags & (SYN | ACK), piece.sequence) if piece else None
        return any(other < number for other, _ in self.openings.get(key, ()))

    def answers(self, frame, number):
        """Whether frame @p number is a SYN+ACK and its SYN came within REMEMBERED_SECONDS before."""
        piece = segment(frame, whole=False)
        key = (piece.target, piece.source, SYN, piece.acknowledgement - 1 & 0xFFFFFFFF) if piece else None
        return any(other < number and frame.seconds - seconds < REMEMBERED_SECONDS
                   for other, seconds in self.openings.get(key, ()))

    def take_cut(self, piece, number):
        flows = self.flows.get(frozenset((piece.source, piece.target))) if piece is not None else None
        if flows:
            flows[-1].cut.add(piece.source)
            if piece.flags & (FIN | RST) and flows[-1].cut_end is None:
                flows[-1].cut_end = number

    def lost_sequence(self, line, number):
        """Whether frame @p number is out of sequence in p0f because of an incomplete segment before it."""
        flow = self.latest(line, number)
        return flow is not None and (line["cli" if line["subj"] == "cli" else "srv"], number) in flow.out_of_sequence

    def take(self, piece, number, seconds):
        ends = frozenset((piece.source, piece.target))
        flow = self.flows[ends][-1] if ends in self.flows else None
        going_on = flow is not None and flow.why is None
        if piece.flags & (SYN | ACK | FIN | RST) == SYN:
            if not going_on or flow.next[flow.client] != piece.sequence + 1 & 0xFFFFFFFF or self.forgotten(flow):
                self.flows[ends].append(Flow(piece, number, seconds))
                if number in self.tools:
                    self.flows[ends][-1].end(number, "tool")
        elif going_on and piece.flags & (SYN | FIN | RST) in (0, SYN, FIN, RST):
            flow.take(piece, number)

    def forgotten(self, flow):
        """The clock stepped back to before the start of the flow. p0f deletes flows with a start time in the future."""
        return any(number > flow.begun and seconds < flow.opened_at for number, seconds in self.steps_back)

    def fits(self, line, number):
        """Whether p0f can have written @p line at frame @p number."""
        flows = self.flows.get(frozenset((line["cli"], line["srv"])), ())
        was = self.before(line, number)
        if line["mod"] == "uptime":
            return was in ("begun", "answered")
        if line["mod"] == "syn" or (line["mod"] == "mtu" and line["subj"] == "cli"):
            return any(flow.begun == number for flow in flows)
        return was == "begun"

    def cut_end(self, line, number):
        """Whether an incomplete FIN or RST ended the flow before frame @p number. p0f ignored this frame."""
        flow = self.latest(line, number)
        return flow is not None and flow.cut_end is not None and flow.cut_end < number

    def latest(self, line, number):
        """The last flow between the endpoints of a line that began at or before frame @p number."""
        return next((flow for flow in reversed(self.flows.get(frozenset((line["cli"], line["srv"])), ()))
                     if flow.begun <= number), None)

    def begun(self, line, number):
        """The first frame of that flow, 0 if there is no flow."""
        flow = self.latest(line, number)
        return flow.begun if flow is not None else 0

    def before(self, line, number):
        """The state of the flow of a p0f line before frame @p number: `none`, `begun` or `answered`; after its end
        `closed`, `http` or `tool`. A flow that begins with this frame is `begun`."""
        flow = self.latest(line, number)
        if flow is None:
            return "none"
        if flow.why is not None and flow.ended < number:
            return flow.why
        return "answered" if flow.answered is not None and flow.answered < number else "begun"
