// SPDX-License-Identifier: MIT OR Apache-2.0

// Runs the IPFIX decoder of Filebeat without Filebeat: receives datagrams, writes one JSON line for each record.
// usage: filebeat_decoder DEFINITIONS PORT; ends with TERM or after two minutes
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/elastic/beats/v7/x-pack/filebeat/input/netflow"
	"github.com/elastic/beats/v7/x-pack/filebeat/input/netflow/decoder"
	"github.com/elastic/beats/v7/x-pack/filebeat/input/netflow/decoder/config"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	check(err)
	return value
}

func open(definitions string) *decoder.Decoder {
	elements, err := netflow.LoadFieldDefinitionsFromFile(definitions)
	check(err)
	settings := config.Defaults()
	made, err := decoder.NewDecoder(settings.WithProtocols("ipfix").WithLogOutput(io.Discard).WithCustomFields(elements))
	check(err)
	check(made.Start())
	return made
}

func main() {
	filebeat := open(os.Args[1])
	socket, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: number(os.Args[2])})
	check(err)
	check(socket.SetReadBuffer(8 << 20))
	check(socket.SetReadDeadline(time.Now().Add(2 * time.Minute)))
	datagram := make([]byte, 65536)
	for {
		length, from, err := socket.ReadFrom(datagram)
		if err != nil {
			return
		}
		records, err := filebeat.Read(bytes.NewBuffer(bytes.Clone(datagram[:length])), from)
		check(err)
		for _, record := range records {
			line, err := json.Marshal(map[string]any{"type": record.Type, "fields": record.Fields})
			check(err)
			fmt.Println(string(line))
		}
	}
}
