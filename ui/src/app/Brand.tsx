import mark from "../../../icons/moa.svg";
import "./brand.css";

/** The product's icon and name. */
export function Brand() {
  return (
    <span className="brand">
      <img src={mark} width={30} height={30} alt="" draggable={false} />
      <span className="brand__name">{"Moa"}</span>
    </span>
  );
}
