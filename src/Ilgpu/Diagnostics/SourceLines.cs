using System.Reflection;
namespace IlgpuDca.Ilgpu.Diagnostics;
static class SourceLines { public static string? Find(MethodBase method, int ilOffset) => null; }
