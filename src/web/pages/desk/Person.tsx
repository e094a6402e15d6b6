/** Who somebody is, in a table: the user name, the full name where it says more, the address where it is to be seen. */
export function Person({ user, fullname, email }: { user: string; fullname?: string | undefined; email?: string | null }) {
  return (
    <>
      <strong>{user}</strong>
      {fullname && fullname !== user && (
        <div>
          <bdi>{fullname}</bdi>
        </div>
      )}
      {email && <div className="quiet">{email}</div>}
    </>
  )
}
