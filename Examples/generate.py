#!/usr/bin/env python3
"""Writes referrals.ndjson: three weeks of a made-up referral program.

The same bytes come out on every machine: the random numbers are our own (SplitMix64) and the seed is
fixed. `generate.py` writes the file beside itself, `generate.py -` writes to standard output.
"""

import json
import os
import sys

SEED = 20250901
MICROSECONDS = 1_000_000
MINUTE = 60 * MICROSECONDS
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# Monday 2025-09-01 00:00 in Mexico City, which is six hours behind UTC.
OFFSET = 6 * HOUR
START = 1_756_684_800 * MICROSECONDS + OFFSET
DAYS = 21
MASK = (1 << 64) - 1


class SplitMix64:
    """Steele, Lea and Flood: Fast splittable pseudorandom number generators, 2014."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, bound):
        return self.next() % bound

    def chance(self, percent):
        return self.below(1000) < percent * 10

    def pick(self, values):
        return values[self.below(len(values))]


class World:
    def __init__(self):
        self.random = SplitMix64(SEED)
        self.events = []
        self.device_count = 0
        self.payout_count = 0
        self.phone_count = 0

    # Names of things. None of them can belong to anybody: no bank has the code 999, and no Mexican
    # number goes on with 0 after the area code.

    def device(self):
        self.device_count += 1
        return f"d-{(self.device_count * 2654435761) & 0xFFFFFFFF:08x}"

    def payout(self):
        self.payout_count += 1
        digits = f"999180{(self.payout_count * 7919) % 10**11:011d}"
        total = sum((int(d) * w) % 10 for d, w in zip(digits, [3, 7, 1] * 6))
        return digits + str((10 - total % 10) % 10)

    def phone(self):
        self.phone_count += 1
        return f"550{(self.phone_count * 7907) % 10**7:07d}"

    # The same value is written in more than one way, as people and forms do.

    def payout_as_typed(self, payout):
        if self.random.chance(15):
            return f"{payout[:4]} {payout[4:8]} {payout[8:12]} {payout[12:]}"
        return payout

    def phone_as_typed(self, phone):
        form = self.random.below(4)
        if form == 0:
            return phone
        if form == 1:
            return f"+52 {phone[:2]} {phone[2:6]} {phone[6:]}"
        if form == 2:
            return f"+52{phone}"
        return f"({phone[:2]}) {phone[2:6]}-{phone[6:]}"

    def time_as_written(self, at):
        if self.random.chance(1):
            return at
        local = at - OFFSET
        seconds, fraction = divmod(local, MICROSECONDS)
        days, second = divmod(seconds, 86_400)
        # Days from the civil calendar, Howard Hinnant's algorithm.
        z = days + 719_468
        era = z // 146_097
        doe = z - era * 146_097
        yoe = (doe - doe // 1460 + doe // 36_524 - doe // 146_096) // 365
        doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
        mp = (5 * doy + 2) // 153
        day = doy - (153 * mp + 2) // 5 + 1
        month = mp + 3 if mp < 10 else mp - 9
        year = yoe + era * 400 + (1 if month <= 2 else 0)
        text = f"{year:04d}-{month:02d}-{day:02d}T"
        text += f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
        if fraction:
            text += f".{fraction // 1000:03d}"
        return text + "-06:00"

    # Sending.

    def send(self, at, body, delay=None):
        """Puts an event in the stream; it arrives a moment after it happened, or `delay` after it."""
        if delay is None:
            delay = self.random.below(3 * MICROSECONDS)
        self.events.append((at + delay, len(self.events), body))

    def referral(self, at, referrer, referee, device=None, payout=None, phone=None,
                 channel="app", reward=250, delay=None):
        body = {
            "event": "referral",
            "referral_id": None,
            "at": self.time_as_written(at),
            "referrer": referrer,
            "referee": referee,
        }
        if device is not None:
            body["device"] = device
        if payout is not None:
            body["payout"] = self.payout_as_typed(payout)
        if phone is not None:
            body["phone"] = self.phone_as_typed(phone)
        if channel is not None:
            body["channel"] = channel
        body["reward"] = reward
        self.send(at, body, delay)

    def login(self, at, who, device):
        body = {
            "event": "login",
            "login_id": None,
            "at": self.time_as_written(at),
            "who": who,
        }
        if device is not None:
            body["device"] = device
        self.send(at, body)

    def moment(self, day):
        """A time of day people are awake, to the millisecond."""
        morning = 8 * HOUR + self.random.below(7 * HOUR)
        return START + day * DAY + morning + self.random.below(7 * HOUR) // 1000 * 1000


def account(world, key, day):
    """An account as a key, or now and then with what else the backend knows of it."""
    if not world.random.chance(30):
        return key
    body = {"account_id": key, "country": "MX"}
    if world.random.chance(40):
        body["opened_at"] = world.time_as_written(START + day * DAY)
    if world.random.chance(40):
        body["kyc_level"] = world.random.pick(["none", "basic", "full"])
    return body


def honest_people(world):
    """Customers invite friends, who invite friends. Households share a phone, couples a bank account."""
    random = world.random
    members = [f"C-{number:06d}" for number in range(1, 1201)]
    phones_of = {member: world.device() for member in members}
    joined = len(members)
    for day in range(DAYS):
        todays = []
        for _ in range(118 if day % 7 < 5 else 96):
            size = 1
            if random.chance(14):
                size = 2 if random.chance(75) else 3
            device = world.device()
            shares_payout = size == 2 and random.chance(60)
            payout = world.payout()
            referrer = random.pick(members)
            at = world.moment(day)
            for _ in range(size):
                joined += 1
                key = f"C-{joined:06d}"
                if not shares_payout:
                    payout = world.payout()
                world.referral(
                    at, referrer, account(world, key, day),
                    device=None if random.chance(7) else device,
                    payout=None if random.chance(5) else payout,
                    phone=None if random.chance(10) else world.phone(),
                    channel=random.pick(["app"] * 7 + ["web"] * 2 + [None]),
                    reward=random.pick([250, 250, 250, 400, 187.5]))
                phones_of[key] = device
                todays.append(key)
                # Who shares a home joins within days, each on an evening of their own.
                at = min(at + DAY + random.below(2 * HOUR), START + DAYS * DAY - HOUR)
        for _ in range(86):
            who = random.pick(members)
            world.login(
                world.moment(day), who, None if random.chance(6) else phones_of[who])
        members += todays
    return members


def branches(world):
    """Two tablets in branches open accounts all day for customers of many people."""
    random = world.random
    number = 700_000
    for tablet in ["SUCURSAL-01", "SUCURSAL-02"]:
        for day in range(DAYS):
            if day % 7 == 6:
                continue
            for _ in range(2 + random.below(4)):
                number += 1
                world.referral(
                    world.moment(day), f"C-{1 + random.below(1200):06d}", f"C-{number:06d}",
                    device=tablet, payout=world.payout(), phone=world.phone(), channel="branch",
                    reward=250)


def popular_people(world):
    """A hairdresser and a teacher invite a few people every day; an employee works at a fair."""
    random = world.random
    number = 710_000
    for referrer in ["C-000042", "C-000077"]:
        for day in range(DAYS):
            for visit in range(2 + random.below(3)):
                number += 1
                at = START + day * DAY + (10 + 3 * visit) * HOUR + random.below(HOUR)
                world.referral(
                    at, referrer, f"C-{number:06d}", device=world.device(),
                    payout=world.payout(), phone=world.phone())
    fair = START + 13 * DAY + 11 * HOUR
    for visitor in range(34):
        number += 1
        referrer = "C-000014"
        if visitor == 0:
            referrer = {"account_id": "C-000014", "country": "MX", "is_employee": True}
        world.referral(
            fair + visitor * 6 * MINUTE + random.below(2 * MINUTE), referrer, f"C-{number:06d}",
            device=world.device(), payout=world.payout(), phone=world.phone(), channel="branch")


def large_families(world):
    """Four or five at home with one phone: nothing is wrong, but somebody has a look."""
    for family, (size, first_day) in enumerate([(4, 1), (4, 2), (5, 6), (4, 9), (4, 11), (5, 12), (4, 14), (4, 16)]):
        device = world.device()
        for member in range(size):
            world.referral(
                world.moment(first_day + member), f"C-{100 + family:06d}",
                f"C-72{family:02d}{member:02d}", device=device, payout=world.payout(),
                phone=world.phone())


def rings(world):
    """Self-referrals, pairs that invite each other, circles of three, one of five."""
    random = world.random
    for number in range(5):
        key = f"C-90000{number + 1}"
        device = world.device()
        world.referral(
            world.moment(3 + 3 * number), key, key, device=device, payout=world.payout())
    for number, day in enumerate([1, 4, 5, 8, 11, 12, 16, 18]):
        pair = [f"C-9001{number}{letter}" for letter in "12"]
        at = world.moment(day)
        for step in range(2):
            world.referral(
                at + step * (40 * MINUTE + random.below(6 * HOUR)), pair[step], pair[1 - step],
                device=world.device(), payout=world.payout(), phone=world.phone())
    for number, day in enumerate([2, 6, 10, 13, 17]):
        circle = [f"C-9002{number}{letter}" for letter in "123"]
        for step in range(3):
            world.referral(
                world.moment(day + step), circle[step], circle[(step + 1) % 3],
                device=world.device(), payout=world.payout(), phone=world.phone())
    circle = [f"C-90030{letter}" for letter in "12345"]
    for step in range(5):
        world.referral(
            world.moment(7 + 2 * step), circle[step], circle[(step + 1) % 5],
            device=world.device(), payout=world.payout(), phone=world.phone())


def device_farms(world):
    """Phones that bring account after account, their rewards spread over a few bank accounts."""
    random = world.random
    for farm, (referrer, device, first_day, size, spread) in enumerate([
        ("C-910000", "d-farm0001", 5, 26, 5),
        ("C-920000", "d-farm0002", 12, 14, 7),
        ("C-930000", "d-farm0003", 16, 19, 19),
    ]):
        payouts = [world.payout() for _ in range(spread)]
        at = START + first_day * DAY + 22 * HOUR
        for number in range(size):
            world.referral(
                at, referrer, f"C-9{farm + 1}{number + 1:04d}", device=device,
                payout=payouts[number % spread], phone=world.phone(), channel="app")
            at += 14 * MINUTE + random.below(70 * MINUTE)


def shared_payouts(world):
    """Strangers on different phones whose rewards end in one bank account."""
    for group, (size, first_day) in enumerate([(7, 3), (4, 8), (5, 12), (3, 15)]):
        payout = world.payout()
        for number in range(size):
            world.referral(
                world.moment(min(first_day + number, DAYS - 1)),
                f"C-{300 + 10 * group + number:06d}", f"C-95{group:02d}{number:02d}",
                device=world.device(), payout=payout, phone=world.phone())
    # Each account changes its bank account once, so that no bank account has three.
    payouts = [world.payout() for _ in range(12)]
    for number in range(11):
        for half, payout in enumerate(payouts[number:number + 2]):
            world.referral(
                START + (7 + number) * DAY + (9 + 8 * half) * HOUR, f"C-{400 + half:06d}",
                f"C-9550{number:02d}", device=world.device(), payout=payout)


def bursts(world):
    """A code leaked to a coupon page: many strangers within the hour, three times."""
    random = world.random
    for burst, (referrer, day, size, gap) in enumerate([
        ("C-000600", 4, 13, 2), ("C-000601", 9, 9, 5), ("C-000602", 18, 24, 2),
    ]):
        at = START + day * DAY + 20 * HOUR + 7 * MINUTE
        for number in range(size):
            world.referral(
                at, referrer, f"C-94{burst}{number:03d}", device=world.device(),
                payout=world.payout(), phone=world.phone(), channel="web", reward=400)
            at += gap * MINUTE + random.below(MINUTE)


def stragglers(world):
    """Phones without a network report later; two report far too late for the windows of an hour."""
    random = world.random
    delays = [12 * MINUTE, 25 * MINUTE, 35 * MINUTE, 48 * MINUTE, 55 * MINUTE] * 3
    for number, delay in enumerate(delays + [5 * HOUR, 31 * HOUR]):
        world.referral(
            START + (1 + number) * DAY + 15 * HOUR + random.below(HOUR),
            f"C-{500 + number:06d}", f"C-7300{number:02d}", device=world.device(),
            payout=world.payout(), phone=world.phone(), delay=delay)


def retries(world):
    """A caller that got no answer in time asks again, with the same bytes."""
    for position in range(400, 2400, 400):
        arrival, _, body = world.events[position]
        world.events.append((arrival + 8 * MICROSECONDS, len(world.events), body))


def generate():
    world = World()
    for part in [
        honest_people, branches, popular_people, large_families, rings, device_farms,
        shared_payouts, bursts, stragglers, retries,
    ]:
        part(world)
    lines = []
    counts = {"referral_id": 0, "login_id": 0}
    for _, _, body in sorted(world.events, key=lambda event: event[:2]):
        # Ids follow the order of arrival; a retry has the id it had.
        for name in counts:
            if name in body and body[name] is None:
                counts[name] += 1
                body[name] = f"{name[0]}-{counts[name]:05d}"
        lines.append(json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n")
    return "".join(lines)


def main():
    text = generate().encode("utf-8")
    if sys.argv[1:] == ["-"]:
        sys.stdout.buffer.write(text)
        return
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "referrals.ndjson")
    with open(path, "wb") as file:
        file.write(text)


if __name__ == "__main__":
    main()
