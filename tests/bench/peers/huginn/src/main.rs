// SPDX-License-Identifier: MIT OR Apache-2.0
//! Peer of the benchmark: the crate in sequential mode with matcher over one file. Prints the number of observations.
use huginn_net_db::{SharedTcpSignatureMatcher, TcpDatabase};
use huginn_net_tcp::{HuginnNetTcp, SharedTcpMatcher, TcpAnalysisResult};
use std::sync::{mpsc, Arc};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: huginn-peer FILE.pcap")?;
    let database = Arc::new(TcpDatabase::load_default()?);
    let matcher: SharedTcpMatcher = Arc::new(SharedTcpSignatureMatcher::new(database));
    let mut analyzer = HuginnNetTcp::new(65536).with_matcher(matcher);
    let (sender, receiver) = mpsc::channel::<TcpAnalysisResult>();
    let counter = std::thread::spawn(move || {
        let mut observed = 0u64;
        for result in receiver {
            observed += u64::from(result.syn.is_some()) + u64::from(result.syn_ack.is_some());
        }
        observed
    });
    analyzer.analyze_pcap(&path, sender, None)?;
    let observed = counter.join().map_err(|_| "the counting thread failed")?;
    println!("observed={observed}");
    Ok(())
}
