/**
 * Solves A x = b for a symmetric positive definite matrix by Cholesky's decomposition. A is row-major, n × n, and is overwritten;
 * gives undefined when A is not positive definite.
 */
export function solvePositive(matrix: Float64Array, vector: Float64Array): Float64Array | undefined {
  const n = vector.length
  const at = (row: number, column: number) => matrix[row * n + column] ?? 0
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = at(row, column)
      for (let k = 0; k < column; k++) sum -= at(row, k) * at(column, k)
      if (row !== column) matrix[row * n + column] = sum / at(column, column)
      else if (sum > 0) matrix[row * n + row] = Math.sqrt(sum)
      else return undefined
    }
  }
  const x = Float64Array.from(vector)
  for (let row = 0; row < n; row++) {
    let sum = x[row] ?? 0
    for (let k = 0; k < row; k++) sum -= at(row, k) * (x[k] ?? 0)
    x[row] = sum / at(row, row)
  }
  for (let row = n - 1; row >= 0; row--) {
    let sum = x[row] ?? 0
    for (let k = row + 1; k < n; k++) sum -= at(k, row) * (x[k] ?? 0)
    x[row] = sum / at(row, row)
  }
  return x
}
