-- tshark -X lua_script:wireshark.lua; Wireshark: put it into the plugins directory.
-- A line for each record: tshark -q -X lua_script:wireshark.lua -X lua_script1:source,tcpSignature,osLabel
local enterprise = 32473
local elements = {
  [1] = {"tcpSignature", "string"},
  [2] = {"osLabel", "string"},
  [3] = {"osClass", "string"},
  [4] = {"osFamily", "string"},
  [5] = {"osFlavor", "string"},
  [6] = {"osMatchKind", "uint8"},
  [7] = {"osMatchQuality", "uint8"},
  [8] = {"osCandidateCount", "uint8"},
  [9] = {"osLabelId", "uint32"},
  [10] = {"hopDistance", "uint8"},
  [11] = {"initialTtl", "uint8"},
  [12] = {"linkMtu", "uint16"},
  [13] = {"linkLabel", "string"},
  [14] = {"tcpMaximumSegmentSize", "uint16"},
  [15] = {"tcpOptionLayout", "string"},
  [16] = {"tcpQuirks", "uint32"},
  [17] = {"tcpPayloadLength", "uint16"},
  [18] = {"tcpTimestampValue", "uint32"},
  [19] = {"tcpTimestampEcho", "uint32"},
  [20] = {"timestampFrequency", "uint16"},
  [21] = {"systemUptime", "uint32"},
  [22] = {"systemUptimeModulus", "uint32"},
  [23] = {"systemUptimeReliability", "uint8"},
  [24] = {"observationKind", "uint8"},
  [25] = {"observationFlags", "uint32"},
  [26] = {"communityId", "string"},
  [27] = {"muonFingerprint", "string"},
  [28] = {"encapsulationKind", "uint8"},
  [29] = {"encapsulationId", "uint32"},
  [30] = {"outerSourceIPv4Address", "ipv4"},
  [31] = {"outerDestinationIPv4Address", "ipv4"},
  [32] = {"outerSourceIPv6Address", "ipv6"},
  [33] = {"outerDestinationIPv6Address", "ipv6"},
  [34] = {"timestampFrequencyMeasured", "uint32"},
  [35] = {"signatureDatabaseName", "string"},
  [36] = {"signatureDatabaseVersion", "string"},
  [37] = {"signatureDatabaseEntryCount", "uint32"},
  [38] = {"osFamilyQuality", "uint8"},
  [39] = {"hostChangeReasons", "uint32"},
  [40] = {"hostSharingScore", "uint8"},
  [41] = {"osLabelBefore", "string"},
  [42] = {"osLabelAfter", "string"},
  [43] = {"outerEncapsulation", "string"},
  [90] = {"mplsTopLabel", "uint32"},
  [91] = {"vlanTagCount", "uint8"},
  [92] = {"encapsulationDepth", "uint8"},
  [93] = {"osOtherLabels", "string"},
}

local synfix = Proto("synfix", "TCP fingerprints")
local fields, all = {}, {}
for id, element in pairs(elements) do
  fields[id] = ProtoField[element[2]]("synfix." .. element[1], element[1])
  all[#all + 1] = fields[id]
end
synfix.fields = all
local version = Field.new("cflow.version")
local templates = {} -- by observation domain and template id
local columns = {}
for column in (table.concat({...}, ",")):gmatch("[^,]+") do columns[#columns + 1] = column end
local standard = {
  [1] = {"octetDeltaCount", "uint"}, [2] = {"packetDeltaCount", "uint"}, [4] = {"protocolIdentifier", "uint"},
  [6] = {"tcpControlBits", "uint"}, [7] = {"sourceTransportPort", "uint"}, [8] = {"sourceIPv4Address", "ipv4"},
  [10] = {"ingressInterface", "uint"}, [11] = {"destinationTransportPort", "uint"},
  [12] = {"destinationIPv4Address", "ipv4"}, [27] = {"sourceIPv6Address", "ipv6"},
  [28] = {"destinationIPv6Address", "ipv6"}, [58] = {"vlanId", "uint"}, [148] = {"flowId", "uint"},
  [152] = {"flowStartMilliseconds", "uint"}, [153] = {"flowEndMilliseconds", "uint"},
  [192] = {"ipTTL", "uint"},
}
-- Short names, for both versions of IP.
local short = {
  source = {"sourceIPv4Address", "sourceIPv6Address"},
  destination = {"destinationIPv4Address", "destinationIPv6Address"},
}

local known = {}
for _, table_of in ipairs({elements, standard}) do
  for _, element in pairs(table_of) do known[element[1]] = true end
end
for _, column in ipairs(columns) do
  if not known[column] and not short[column] then
    error("no element " .. column .. "; write names as in the templates, source or destination", 0)
  end
end

function synfix.init() templates = {} end

local function text_of(value, kind)
  if kind == "string" then return value:string() end
  if kind == "ipv4" then return tostring(value:ipv4()) end
  if kind == "ipv6" then return tostring(value:ipv6()) end
  if value:len() > 4 then return tostring(value:uint64()) end
  return tostring(value:uint())
end

local function print_line(values)
  local line = {}
  for i, column in ipairs(columns) do
    line[i] = ""
    for _, name in ipairs(short[column] or {column}) do line[i] = values[name] or line[i] end
  end
  print(table.concat(line, "\t"))
end

local function read_templates(set, domain, options)
  local at = 4
  while at + 4 <= set:len() do
    local id, count = set(at, 2):uint(), set(at + 2, 2):uint()
    at = at + (options and 6 or 4)
    local list = {options = options}
    for _ = 1, count do
      if at + 4 > set:len() then return end
      local field = {id = set(at, 2):uint(), length = set(at + 2, 2):uint(), pen = 0}
      at = at + 4
      if field.id >= 0x8000 then
        if at + 4 > set:len() then return end
        field.id, field.pen = field.id - 0x8000, set(at, 4):uint()
        at = at + 4
      end
      list[#list + 1] = field
    end
    templates[domain .. "/" .. id] = list
  end
end

-- Where the record behind `at` ends; nil when it does not fit.
local function read_record(set, at, list, tree, values)
  local branch
  for _, field in ipairs(list) do
    local length = field.length
    if length == 65535 then
      if at + 1 > set:len() then return nil end
      length = set(at, 1):uint()
      at = at + 1
      if length == 255 then
        if at + 2 > set:len() then return nil end
        length = set(at, 2):uint()
        at = at + 2
      end
    end
    if at + length > set:len() then return nil end
    if field.pen == enterprise and fields[field.id] and length > 0 then
      branch = branch or tree:add(synfix, set(at, length))
      branch:add(fields[field.id], set(at, length))
    end
    local element
    if field.pen == enterprise then element = elements[field.id] end
    if field.pen == 0 then element = standard[field.id] end
    if element and length > 0 then values[element[1]] = text_of(set(at, length), element[2]) end
    at = at + length
  end
  return at
end

local function read_set(set, domain, tree, visited)
  local id = set(0, 2):uint()
  if id == 2 or id == 3 then
    read_templates(set, domain, id == 3)
    return
  end
  local list = templates[domain .. "/" .. id]
  if not list or #list == 0 then return end
  local at = 4
  while at and at < set:len() do
    local values = {}
    local next = read_record(set, at, list, tree, values)
    if next == at then return end
    if next and #columns > 0 and not list.options and not visited then print_line(values) end
    at = next
  end
end

function synfix.dissector(buffer, info, tree)
  for _, field in ipairs({version()}) do
    local start = field.offset
    if field.value == 10 and start + 16 <= buffer:len() then
      local size = buffer(start + 2, 2):uint()
      local domain = buffer(start + 12, 4):uint()
      local last = math.min(start + size, buffer:len())
      local at = start + 16
      while at + 4 <= last do
        local length = buffer(at + 2, 2):uint()
        if length < 4 or at + length > last then break end
        read_set(buffer(at, length), domain, tree, info.visited)
        at = at + length
      end
    end
  end
end

register_postdissector(synfix)
