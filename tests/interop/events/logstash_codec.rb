# SPDX-License-Identifier: MIT OR Apache-2.0
# Runs the class of Logstash's codec "netflow" without Logstash: receives datagrams, writes one JSON line for each event.
# Stubs replace the few classes of Logstash that the codec uses.
# usage: logstash_codec.rb DIRECTORY-OF-THE-CODEC DEFINITIONS PORT; ends with TERM or after two minutes
require 'json'
require 'set'
require 'socket'
require 'time'
require 'yaml'

# The interface of a log that the codec calls: levels and texts.
class CodecLog
  def debug?
    false
  end

  def debug(*) end

  %i[info warn error].each do |level|
    define_method(level) { |text, *more| $stderr.puts("#{level}: #{text} #{more.map(&:to_s).join(' ')}") }
  end
end

module LogStash
  class Event
    TIMESTAMP = '@timestamp'
  end

  class Timestamp
    def self.at(*arguments)
      new(Time.at(*arguments))
    end

    def initialize(time)
      @time = time.utc
    end

    def to_iso8601
      @time.iso8601(3)
    end

    def to_json(*arguments)
      to_iso8601.to_json(*arguments)
    end
  end

  module PluginMixins
    module EventSupport
      module EventFactoryAdapter
        Factory = Struct.new(:nothing) do
          def new_event(fields)
            fields
          end
        end

        def event_factory
          Factory.new
        end
      end
    end
  end

  module Codecs
    class Base
      def self.config_name(_name) end

      def self.config(name, settings)
        (@settings ||= {})[name] = settings[:default]
      end

      def self.settings
        @settings
      end

      attr_reader :logger

      def initialize(given)
        @logger = CodecLog.new
        self.class.settings.merge(given).each { |name, value| instance_variable_set("@#{name}", value) }
      end
    end
  end
end

directory, definitions, port = ARGV
$LOAD_PATH.unshift(File.join(directory, 'lib'))
%w[codecs/base namespace timestamp plugin_mixins/event_support/event_factory_adapter].each do |name|
  $LOADED_FEATURES << "logstash/#{name}.rb"
end
require 'logstash/codecs/netflow'

codec = LogStash::Codecs::Netflow.new(versions: [10], ipfix_definitions: definitions, include_flowset_id: true)
codec.register

# Debian's bindata 2.4.14 forwards no keywords in Ruby 3.
class BinData::String
  def encode(*arguments, **keywords)
    snapshot.encode(*arguments, **keywords)
  end
end

socket = UDPSocket.new
socket.setsockopt(Socket::SOL_SOCKET, Socket::SO_RCVBUF, 8 << 20)
socket.bind('127.0.0.1', port.to_i)
$stdout.sync = true
deadline = Time.now + 120
while Time.now < deadline && socket.wait_readable(deadline - Time.now)
  payload, = socket.recvfrom(65_536)
  codec.decode(payload) { |event| puts(event.to_json) }
end
