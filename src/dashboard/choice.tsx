export interface ChoiceProps {
  label: string
  name: string
  /** What choosing nothing is called. */
  any: string
  chosen: string | undefined
  options: [value: string, label: string][]
}

export function Choice({ label, name, any, chosen, options }: ChoiceProps) {
  return (
    <label>
      {label}
      <select name={name}>
        <option value="">{any}</option>
        {options.map(([value, text]) => (
          <option value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}
