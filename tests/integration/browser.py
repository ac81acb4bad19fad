#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""browser.py SYNFIX CHROMIUM WORK: the report in a browser, with 100,000 hosts and with a few: no console message, no
request; search and sort work; tables and inputs have accessible names; the page fits a desktop and a phone."""
import base64
import json
import os
import struct
import subprocess
import sys
import time

HOSTS = 100000
PAPER_ROWS = 500
OPTIONS = bytes.fromhex('020405b40402080a000186a0000000000103030' '7')


def write_capture(path, hosts):
    """One SYN of Linux from each host; the first host has the address 11.0.0.0."""
    tcp = struct.pack('!HHIIBBHHH', 40000, 443, 1, 0, 0xa0, 2, 29200, 0, 0) + OPTIONS
    head = bytearray(struct.pack('!BBHHHBBH', 0x45, 0, 60, 1, 0x4000, 60, 6, 0) + bytes(4) + b'\xc6\x33\x64\x01')
    with open(path, 'wb') as out:
        out.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
        for number in range(hosts):
            struct.pack_into('!I', head, 12, 0x0b000000 + number)
            head[8] = 60 - number % 20
            out.write(struct.pack('<IIII', 1700000000 + number // 100, 0, 60, 60) + head + tcp)


class Browser:
    """The DevTools protocol over the descriptors 3 and 4."""

    def __init__(self, program, profile):
        to_browser, self.write = os.pipe()
        self.read, from_browser = os.pipe()

        def connect():
            # first duplicate to descriptors above 4: one of the ends may already be 3 or 4
            first, second = os.dup(to_browser), os.dup(from_browser)
            first, second = os.dup(first), os.dup(second)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen(
            [program, '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
             '--disable-background-networking', '--remote-debugging-pipe', f'--user-data-dir={profile}', 'about:blank'],
            preexec_fn=connect, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.number, self.rest, self.events, self.session = 0, b'', [], None

    def message(self):
        while b'\0' not in self.rest:
            part = os.read(self.read, 1 << 20)
            if not part:
                raise EOFError('the browser ended')
            self.rest += part
        text, self.rest = self.rest.split(b'\0', 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        request = {'id': self.number, 'method': method, 'params': parameters}
        if self.session:
            request['sessionId'] = self.session
        os.write(self.write, json.dumps(request).encode() + b'\0')
        while True:
            answer = self.message()
            if answer.get('id') == self.number:
                if 'error' in answer:
                    raise RuntimeError(f'{method}: {answer["error"]}')
                return answer['result']
            self.events.append(answer)

    def wait(self, method):
        for event in self.events:
            if event.get('method') == method:
                return
        while True:
            event = self.message()
            self.events.append(event)
            if event.get('method') == method:
                return

    def open(self, path):
        target = self.call('Target.createTarget', url='about:blank')['targetId']
        self.session = self.call('Target.attachToTarget', targetId=target, flatten=True)['sessionId']
        self.events = []
        for domain in ('Page', 'Runtime', 'Log', 'Network', 'Accessibility'):
            self.call(domain + '.enable')
        self.call('Page.navigate', url='file://' + path)
        self.wait('Page.loadEventFired')

    def run(self, expression):
        answer = self.call('Runtime.evaluate', expression=expression, returnByValue=True)
        if 'exceptionDetails' in answer:
            raise RuntimeError(f'{expression}: {answer["exceptionDetails"]}')
        return answer['result'].get('value')

    def close(self):
        os.close(self.write)
        self.process.terminate()
        self.process.wait()


failures = []


def check(good, text):
    if not good:
        failures.append(text)
        print('FAILED:', text)


def timed(name, action):
    start = time.monotonic()
    action()
    print(f'{name}: {time.monotonic() - start:.2f} s')


TABLE = 'document.querySelector("table[data-id=hosts]")'
CELL = TABLE + '.tBodies[0].rows[0].cells[{}].textContent'


def search(browser, text):
    browser.run(f'(() => {{ const s = document.querySelector(\'input[aria-label="Search in: Hosts"]\'); s.value = "{text}"; '
                's.dispatchEvent(new Event("input")); })()')


def check_table(browser):
    rows = TABLE + '.tBodies[0].rows.length'
    check(browser.run(rows) == 100, f'{browser.run(rows)} rows at first, not 100')
    check(browser.run(f'{TABLE}.closest(".scroll").previousElementSibling.textContent').find(f'of {HOSTS}') > 0, 'the number of rows')
    timed('search', lambda: search(browser, '11.0.0.7'))
    check(browser.run(CELL.format(0)) == '11.0.0.7', 'search: ' + str(browser.run(CELL.format(0))))
    search(browser, 'no such host')
    check(browser.run(rows) == 0, 'a search that finds nothing')
    search(browser, '')
    headers = [text.strip() for text in browser.run(f'Array.from({TABLE}.tHead.rows[0].cells, (c) => c.textContent)')]
    for name, kind in (('Distance', int), ('Address', str), ('Distance', int)):
        column = headers.index(name)
        press = f'{TABLE}.tHead.rows[0].cells[{column}].querySelector("button").click()'
        timed('sort by ' + name, lambda: browser.run(press))
        state = browser.run(f'{TABLE}.tHead.rows[0].cells[{column}].getAttribute("aria-sort")')
        values = [kind(text) for text in browser.run(f'Array.from({TABLE}.tBodies[0].rows, (r) => r.cells[{column}].textContent)')]
        if kind is int:
            check(values == sorted(values, reverse=state == 'descending'), f'sort by {name}: {values[:5]} {state}')
        check(state in ('ascending', 'descending'), f'aria-sort of {name}: {state}')


def check_print(browser):
    """A page of 100,000 rows prints a limited number of rows, states their range, and the PDF has a bounded size."""
    browser.run('window.dispatchEvent(new Event("beforeprint"))')
    browser.call('Emulation.setEmulatedMedia', media='print')
    rows = browser.run(TABLE + '.tBodies[0].rows.length')
    check(rows == PAPER_ROWS, f'{rows} rows on paper, not {PAPER_ROWS}')
    state = f'{TABLE}.closest(".scroll").previousElementSibling.querySelector("output")'
    check(browser.run(state + '.textContent') == f'1 to {PAPER_ROWS} of {HOSTS}', 'the range of rows on paper')
    check(browser.run(state + '.getBoundingClientRect().height') > 0, 'the range of rows is hidden on paper')
    browser.call('Emulation.setEmulatedMedia', media='')
    browser.run('window.dispatchEvent(new Event("afterprint"))')
    pdf = base64.b64decode(browser.call('Page.printToPDF')['data'])
    check(pdf.startswith(b'%PDF-') and pdf.rstrip().endswith(b'%%EOF'), 'no whole PDF')
    print(f'PDF: {len(pdf) >> 10} KiB')
    check(len(pdf) < 8 << 20, f'a PDF of {len(pdf)} bytes')


def check_names(browser):
    nodes = browser.call('Accessibility.getFullAXTree')['nodes']
    wanted = {'searchbox': 0, 'table': 0, 'button': 0, 'heading': 0, 'navigation': 0, 'link': 0, 'image': 0}
    for node in nodes:
        role = node.get('role', {}).get('value')
        if node.get('ignored') or role not in wanted:
            continue
        wanted[role] += 1
        check(node.get('name', {}).get('value', '').strip() != '', f'a {role} without an accessible name')
    for role in ('searchbox', 'table', 'button', 'heading', 'navigation', 'link'):
        check(wanted[role] > 0, f'no {role} in the accessibility tree')


def check_width(browser, width, path):
    browser.call('Emulation.setDeviceMetricsOverride', width=width, height=800, deviceScaleFactor=1, mobile=width < 600)
    wide = browser.run('document.documentElement.scrollWidth')
    check(wide <= width, f'{path}: {wide} pixels wide in a window of {width}')


def check_first_screen(browser):
    """The first screen of a desktop and a phone has the oldest Windows, the scanner and the shared address of
    office.py."""
    for width, height in ((1280, 800), (390, 844)):
        browser.call('Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        rows = browser.run('Array.from(document.querySelectorAll("#findings tbody tr"), (row) => '
                           '[...Array.from(row.cells, (cell) => cell.textContent), row.getBoundingClientRect().bottom])')
        found = {row[0]: row for row in rows}
        for name, address, detail in (('Oldest Windows', '10.1.0.66', 'Windows XP'), ('Scanners and tools', '10.1.0.99', 'NMap'),
                                      ('Shared addresses', '10.1.0.200', 'score')):
            row = found.get(name, [''] * 5)
            check(row[1] == address and detail in row[2], f'{name}: {row}')
            check(row[4] and row[4] <= height, f'{name}: ends at {row[4]} pixels of {width} x {height}')


def check_links(browser):
    """A finding links to its list, its address to the rows of the host."""
    for row in browser.run('Array.from(document.querySelectorAll("#findings tbody tr"), (row) => '
                           '[row.cells[0].textContent, row.cells[0].querySelector("a")?.getAttribute("href") ?? "", row.cells[1].textContent])'):
        name, section, address = row
        check(bool(section) and browser.run(f'document.querySelector("{section} h2") !== null'), f'{name} leads to {section!r}')
        browser.run(f'Array.from(document.querySelectorAll("a[data-host]")).find((a) => a.textContent === "{address}").click()')
        check(browser.run('location.hash') == '#hosts', f'{address} leads to ' + browser.run('location.hash'))
        check(browser.run(CELL.format(0)) == address, f'{address} finds ' + str(browser.run(CELL.format(0))))
    top = browser.run('document.querySelector("#hosts").getBoundingClientRect().top')
    check(-50 < top < 400, f'the table of hosts is at {top} pixels of the window')


def check_quiet(browser, path):
    for event in browser.events:
        method, facts = event.get('method'), event.get('params', {})
        if method in ('Runtime.consoleAPICalled', 'Runtime.exceptionThrown', 'Log.entryAdded'):
            check(False, f'{path}: console: {json.dumps(facts)[:300]}')
        if method == 'Network.requestWillBeSent' and not facts['request']['url'].startswith(('file://', 'data:')):
            check(False, f'{path}: a request to {facts["request"]["url"]}')


def main():
    synfix, chromium, work = sys.argv[1:4]
    data = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'data')
    many = os.path.join(work, 'many.pcap')
    write_capture(many, HOSTS)
    office = os.path.join(work, 'office.pcap')
    subprocess.run([sys.executable, os.path.join(data, '..', 'integration', 'office.py'), office], check=True)
    pages = {os.path.join(work, 'office.html'): [office], os.path.join(work, 'many.html'): [many], os.path.join(work, 'few.html'): [os.path.join(data, 'mixed.pcap'), os.path.join(data, 'vlan.pcap')]}
    for page, captures in pages.items():
        subprocess.run([synfix, 'report', *captures, '--output', page], check=True)
    browser = Browser(chromium, os.path.join(work, 'profile'))
    try:
        for page in pages:
            timed(f'{os.path.basename(page)} ({os.path.getsize(page) >> 20} MiB) opens', lambda: browser.open(page))
            if 'many' in page:
                check_table(browser)
                check_print(browser)
            elif 'office' in page:
                check_first_screen(browser)
                check_links(browser)
            else:
                check_names(browser)
            for width in (1200, 390):
                check_width(browser, width, page)
            check_quiet(browser, page)
            browser.session = None
    finally:
        browser.close()
    sys.exit(bool(failures))


main()
