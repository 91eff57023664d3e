namespace IlgpuDca.Evaluation.Study;

/// <summary>All that decides a cell's result: two cells are the same where this is.</summary>
/// <param name="Model">As the study names it.</param>
/// <param name="Task">The task with all its settings and a mark of the files that it reads.</param>
/// <param name="Method">The method with its changes.</param>
/// <param name="Length">Tokens.</param>
/// <param name="Seed">0 where nothing is drawn.</param>
public readonly record struct CellSetting(string Model, string Task, string Method, int Length, ulong Seed);
