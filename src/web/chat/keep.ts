import { useState } from 'react'
import type { Consent } from '../api.chat.shapes.ts'

const key = 'colloquy.keep'

/** Whether new conversations are recorded: what the person chose last, and never without acceptance of the present terms. */
export function useKeep(consent: Consent): [boolean, (keep: boolean) => void] {
  const [isWanted, setWanted] = useState(read)
  const change = (keep: boolean) => {
    setWanted(keep)
    try {
      localStorage.setItem(key, keep ? 'yes' : 'no')
    } catch {
      // A browser that keeps nothing asks for each visit anew.
    }
  }
  return [consent.isCurrent && isWanted, change]
}

function read(): boolean {
  try {
    return localStorage.getItem(key) !== 'no'
  } catch {
    return true
  }
}
