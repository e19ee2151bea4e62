namespace System;

/// <summary>Asked for by ilc where a reference is compared; nothing makes one.</summary>
internal sealed class RuntimeType : Type { }
