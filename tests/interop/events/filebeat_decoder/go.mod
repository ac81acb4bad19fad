// SPDX-License-Identifier: MIT OR Apache-2.0
module filebeat_decoder

go 1.22

require github.com/elastic/beats/v7 v7.17.29

// As in Filebeat's own go.mod.
replace github.com/dop251/goja => github.com/andrewkroh/goja v0.0.0-20190128172624-dd2ac4456e20
