import CColumns

// What becomes of the keys of a batch, looked up before any is numbered, so that what they lead to
// can be asked for.
extension KeySpaces {
  /// Notes the numbers that the keys of a batch probably have, good enough to bring things nearer,
  /// and asks for the records of those that get one.
  @inline(__always)
  mutating func foresee() {
    let count = nextName
    precondition(count < named.count && !hasKnown, "names that are not there")
    (numbered, nextKnown, nextNew, hasKnown) = (0, 0, 0, true)
    if count == 0 { return }
    for space in tables.indices { tables[space].beginForeseeing() }
    foresee(count)
    for space in tables.indices { tables[space].prefetchNew() }
  }

  @inline(__always)
  private mutating func foresee(_ count: Int) {
    // SAFETY: used for as long as this access lasts. So many names are there, with their lines and
    // tags, and room for what is found. What they say of space and position is of the plan, and the
    // place is among the numbers of the lane, see `namePlain` and `name`. Each position is named
    // once in each lane, and before the first, none is known: see `beginNaming` and `tookKnown`.
    let names = unsafe named.address(0)
    let tables = unsafe self.tables.address(0)
    let found = unsafe foundNumbers.address(0)
    let places = unsafe foundPlaces.address(0)
    unsafe columns_find_keys(lines.address(0), tags.address(0), count, found, places)
    let numbers = unsafe slotNumbers.address(0)
    let known = unsafe self.known.address(0)
    let nextKnowns = unsafe self.nextKnowns.address(0)
    let knownNames = unsafe self.knownNames.address(0)
    let newNames = unsafe self.newNames.address(0)
    var further = 0
    // Which are known cannot be told ahead, so each is noted among both.
    var knownBefore = 0
    var index = 0
    while index < count {
      // SAFETY: as above.
      let name = unsafe names + index
      let table = unsafe tables + Int(name.pointee.space)
      let number = unsafe found[index]
      // Behind a line that is full of others comes the next one.
      unsafe name.pointee.tableSlot &+= places[index]
      if unsafe places[index] == KeyTable.lineSlots {
        // To wait for it here would take longer.
        unsafe table.pointee.prefetchSlot(name.pointee.tableSlot)
        furtherNames[further] = UInt32(truncatingIfNeeded: index)
        further &+= 1
      }
      let (place, position) = unsafe (name.pointee.place, Int(name.pointee.position))
      let foreseen = unsafe table.pointee.foresee(number)
      unsafe numbers[Int(place)] = foreseen.number
      unsafe name.pointee.known = number
      // SAFETY: as above.
      let next = unsafe nextKnowns[position]
      unsafe known[next] = KnownKey(number: number, place: place)
      unsafe nextKnowns[position] = next &+ foreseen.known
      unsafe knownNames[knownBefore] = UInt32(truncatingIfNeeded: index)
      unsafe newNames[index &- knownBefore] = UInt32(truncatingIfNeeded: index)
      knownBefore &+= foreseen.known
      index &+= 1
    }
    // SAFETY: there is one name more than are used, so behind the last there is room for this.
    unsafe knownNames[knownBefore] = .max
    unsafe newNames[count &- knownBefore] = .max
    if further > 0 { foreseeFurther(further) }
  }

  /// Looks for the keys of so many names behind lines that are full of others. Those that are known
  /// are numbered among the new ones, each in its turn.
  @inline(never)
  private mutating func foreseeFurther(_ count: Int) {
    for index in 0..<count {
      let name = Int(furtherNames[index])
      let found = tables[Int(named[name].space)].foreseeFurther(
        key(ofName: name), from: named[name].tableSlot)
      named[name].tableSlot = found.slot
      named[name].known = found.number
      if found.number == 0 { continue }
      let (place, position) = (named[name].place, Int(named[name].position))
      slotNumbers[Int(place)] = found.number
      known[nextKnowns[position]] = KnownKey(number: found.number, place: place)
      nextKnowns[position] &+= 1
    }
  }
}
