/** A part that has nothing to show, in words. */
export function QuietCard({ title, text }: { title: string; text: string }) {
  return (
    <section class="card">
      <h2>{title}</h2>
      <p>{text}</p>
    </section>
  )
}
